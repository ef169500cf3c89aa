import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCaptures } from '../core/import/read-captures.ts';
import { serveHttp } from '../main/client/local-servers.ts';
import { derive } from '../../src/core/pipeline/pipeline.ts';
import { runCli, scratch, startCli } from './run-cli.ts';
import { startStreamServer, type StreamServer } from './stream-server.ts';

const isBuilt = existsSync(join(import.meta.dirname, '..', '..', 'out', 'renderer', 'index.html'));

let server: StreamServer;
const file = (name: string): string => join(scratch(), name);
const text = (value: string): string => expect.stringContaining(value) as string;

beforeAll(async () => {
  server = await startStreamServer();
});
afterAll(() => server.close());

describe('capture', () => {
  test.each(['raw', 'eventsource', 'openai'])(
    'the %s client shows the events and writes a capture with the same events',
    async (client) => {
      const path = file(`${client}.ssecap.ndjson`);
      const { status, records, stderr } = await runCli([
        'capture',
        `${server.origin}/five`,
        '--client',
        client,
        '-o',
        path,
      ]);
      expect(stderr).toContain('5 events');
      expect(stderr).toContain(`saved to ${path}`);
      expect(status).toBe(0);
      expect(records.map(({ seq, type, data }) => ({ seq, type, data }))).toEqual(
        [0, 1, 2, 3, 4].map((n) => ({ seq: n, type: 'message', data: `{"n":${n}}` })),
      );
      const again = await runCli(['inspect', path, '--as', 'events']);
      expect(again.records).toEqual(records);
      const summary = await runCli(['inspect', path]);
      expect(summary.records).toMatchObject([
        {
          request: { client, url: `${server.origin}/five` },
          status: 200,
          end: { reason: 'complete' },
          warnings: [],
        },
      ]);
    },
  );

  test.each(['raw', 'eventsource'])(
    'the %s client reconnects until the server answers 204',
    async (client) => {
      const ids: unknown[] = [];
      const origin = await serveHttp((request, response) => {
        ids.push(request.headers['last-event-id']);
        if (ids.length === 3) response.writeHead(204).end();
        else
          response
            .writeHead(200, { 'content-type': 'text/event-stream' })
            .end(`retry: 300\nid: ${ids.length}\ndata: x\n\n`);
      });
      const { records, status, stderr } = await runCli([
        'capture',
        origin,
        '--client',
        client,
        '--reconnect',
        '-o',
        file(`reconnect-${client}.ssecap.ndjson`),
      ]);
      expect(ids).toEqual([undefined, '1', '2']);
      expect(records).toHaveLength(2);
      expect(stderr).toContain('The response is 204');
      expect(status).toBe(3);
    },
  );

  test('stops at --max-size and says so', async () => {
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('data: 0123456789\n\n'.repeat(1000));
    });
    const path = file('limited.ssecap.ndjson');
    const { status, stderr } = await runCli(['capture', origin, '--max-size', '1.8kB', '-o', path]);
    expect(stderr).toContain('The capture reached its limit of 1.8 kB');
    expect(status).toBe(3);
    const again = await runCli(['inspect', path]);
    expect(again.records).toMatchObject([
      { events: 100, bytes: 1800, end: { reason: 'error', error: { code: 'CAPTURE_SIZE_LIMIT' } } },
    ]);
    expect((await runCli(['capture', origin, '--max-size', 'much'])).status).toBe(2);
    expect((await runCli(['capture', origin, '--max-ratio', '0.5'])).status).toBe(2);
  });

  test('shows and saves the lines of NDJSON as events, without a warning', async () => {
    const path = file('lines.ssecap.ndjson');
    const { status, records, stderr } = await runCli(['capture', `${server.origin}/lines`, '-o', path]);
    expect(status).toBe(0);
    expect(stderr).toContain('4 events');
    expect(stderr).not.toContain('event stream');
    expect(records.map(({ seq, data }) => [seq, data])).toEqual([
      [0, '{"message":{"content":"0"},"done":false}'],
      [1, '{"message":{"content":"1"},"done":false}'],
      [2, '{"message":{"content":"2"},"done":false}'],
      [3, '{"done":true}'],
    ]);
    expect((await runCli(['inspect', path, '--as', 'events'])).records).toEqual(records);
    expect((await runCli(['inspect', path])).records).toMatchObject([
      { framing: 'ndjson', contentType: 'application/x-ndjson', events: 4, dialect: null, warnings: [] },
    ]);
    for (const aspect of ['findings', 'messages']) {
      expect((await runCli(['inspect', path, '--as', aspect])).records).toEqual([]);
    }
  });

  test('names the line in which NDJSON was cut off, and does not reconnect', async () => {
    const path = file('cut-lines.ssecap.ndjson');
    const { status } = await runCli(['capture', `${server.origin}/cut-lines`, '-o', path]);
    expect(status).toBe(3);
    const { records } = await runCli(['inspect', path, '--as', 'events', '--all']);
    expect(records).toMatchObject([
      { kind: 'event', data: '{"n":1}', unfinished: false },
      { kind: 'event', data: '{"n":', unfinished: true },
    ]);
    const asked = server.seen.length;
    await runCli(['capture', `${server.origin}/lines`, '--reconnect', '-o', file('once.ssecap.ndjson')]);
    expect(server.seen.length).toBe(asked + 1);
  });

  test('sends method, header fields and body, and redacts secrets unless --with-secrets is given', async () => {
    writeFileSync(file('body.json'), '{"ä":1}');
    const flags = [
      '-H',
      'Authorization: Bearer s3cret',
      '-H',
      'X-Two:  words here ',
      '-d',
      `@${file('body.json')}`,
    ];
    await runCli([
      'capture',
      `${server.origin}/five?key=s3cret`,
      '-X',
      'put',
      ...flags,
      '-o',
      file('hidden'),
    ]);
    expect(server.seen.at(-1)).toMatchObject({
      method: 'PUT',
      body: '{"ä":1}',
      headers: { authorization: 'Bearer s3cret', 'x-two': 'words here' },
    });
    expect(readFileSync(file('hidden'), 'utf8')).not.toContain('s3cret');
    expect(readFileSync(file('hidden'), 'utf8')).toContain('Bearer [redacted]');
    await runCli([
      'capture',
      `${server.origin}/five?key=s3cret`,
      ...flags,
      '--with-secrets',
      '-o',
      file('kept'),
    ]);
    expect(server.seen.at(-1)?.method).toBe('POST');
    expect(readFileSync(file('kept'), 'utf8')).toContain('Bearer s3cret');
    expect(await runCli(['capture', server.origin, '-d', '@/no/such/file'])).toMatchObject({
      status: 3,
      stderr: text('no such file'),
    });
    await runCli(['capture', `${server.origin}/five`, '-d', '@-', '-o', file('piped')], {
      stdin: 'from a pipe',
    });
    expect(server.seen.at(-1)?.body).toBe('from a pipe');
  });

  test('without -o it picks an unused name in the current folder', async () => {
    const cwd = mkdtempSync(file('here-'));
    const names = await Promise.all(
      [0, 1].map(async () => {
        const { stderr } = await runCli(['capture', `${server.origin}/five`], { cwd });
        return /saved to (.+)\n/i.exec(stderr)?.[1];
      }),
    );
    expect(new Set(readdirSync(cwd))).toEqual(new Set(names));
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^127\.0\.0\.1-five-[\dT-]+\.ssecap\.ndjson$/);
  });

  test('shows events while the stream runs, and Ctrl-C ends it with status 0 and a complete file', async () => {
    const path = file('stopped');
    const cli = startCli(['capture', `${server.origin}/hold`, '-o', path]);
    await cli.waitFor(/"seq":2,.*\n/);
    cli.process.kill('SIGINT');
    const { status, records, stderr } = await cli.ended;
    expect({ status, events: records.length }).toEqual({ status: 0, events: 3 });
    expect(stderr).toContain('aborted');
    const { captures, problems } = readCaptures(readFileSync(path));
    expect(problems).toEqual([]);
    expect(captures[0]?.records.at(-1)).toMatchObject({ kind: 'end', reason: 'aborted' });
    expect(derive(captures[0]?.records ?? []).blocks.at(-1)).toMatchObject({
      kind: 'discarded',
      data: 'unfini',
    });
  });

  test('--max-time stops it with status 0', async () => {
    const started = performance.now();
    const { status, records } = await runCli([
      'capture',
      `${server.origin}/hold`,
      '--max-time',
      '2',
      '-o',
      file('timed'),
    ]);
    expect({ status, events: records.length }).toEqual({ status: 0, events: 3 });
    expect(performance.now() - started).toBeGreaterThan(2000);
  });

  test('if it is killed, the file has all events that were shown, and at most a torn last line', async () => {
    for (const lines of [1, 200, 3000]) {
      const path = file(`killed-${lines}`);
      const cli = startCli(['capture', `${server.origin}/endless`, '-o', path]);
      await cli.waitFor(new RegExp(`"seq":${lines},`));
      cli.process.kill('SIGKILL');
      await cli.ended;
      const { captures, problems } = readCaptures(readFileSync(path), 65_536);
      expect(problems.every(({ code }) => code === 'torn-tail')).toBe(true);
      const events = derive(captures[0]?.records ?? []).blocks.filter(({ kind }) => kind === 'event');
      expect(events.length).toBeGreaterThan(lines);
      expect(events.every(({ data }, n) => data.startsWith(`{"n":${n},`))).toBe(true);
      const { status, stderr } = await runCli(['inspect', path]);
      expect(status).toBe(0);
      if (problems.length > 0) expect(stderr).toMatch(/ends inside line \d+: its last \d+ bytes/);
    }
  }, 60_000);

  test('ends without an error and with a complete file when its output is closed', async () => {
    const path = file('unread');
    const cli = startCli(['capture', `${server.origin}/endless`, '-o', path]);
    await cli.waitFor(/"seq":1,/);
    cli.process.stdout.destroy();
    const { status, stderr } = await cli.ended;
    expect({ status, stack: stderr.includes('    at ') }).toEqual({ status: 0, stack: false });
    const { captures, problems } = readCaptures(readFileSync(path), 65_536);
    expect(problems).toEqual([]);
    expect(captures[0]?.records.at(-1)).toMatchObject({ kind: 'end', reason: 'aborted' });
  }, 60_000);

  test.each([
    ['/missing', /404 with text\/html/, 'complete'],
    ['/nothing', /204/, 'complete'],
    ['/plain', /not an event stream.*text\/plain/, 'complete'],
    ['/cut', /./, 'premature-close'],
  ])('reports %s with status 3 and keeps all that was received', async (path, message, reason) => {
    const target = file(`answer${path.replace('/', '-')}`);
    const { status, stderr } = await runCli(['capture', server.origin + path, '-o', target]);
    expect(status).toBe(3);
    expect(stderr).toMatch(message);
    const { captures } = readCaptures(readFileSync(target));
    expect(captures[0]?.records.at(-1)).toMatchObject({ kind: 'end', reason });
    if (path === '/missing') {
      expect(readFileSync(target, 'utf8')).toContain('<h1>Not found</h1>');
      expect(stderr).toContain('Body of the error: <h1>Not found</h1>');
    }
  });

  test('reports a refused connection with status 3, and leaves no file without -o', async () => {
    const gone = await startStreamServer();
    await gone.close();
    const cwd = mkdtempSync(file('refused-'));
    const { status, stdout, stderr } = await runCli(['capture', `${gone.origin}/`], { cwd });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/refused/i);
    expect(readdirSync(cwd)).toEqual([]);
    await runCli(['capture', `${gone.origin}/`, '-o', 'asked'], { cwd });
    expect(readFileSync(join(cwd, 'asked'), 'utf8')).toContain('"reason":"error"');
  });

  test('reports a full disk and a missing folder with status 3', async () => {
    const full = await runCli(['capture', `${server.origin}/five`, '-o', '/dev/full']);
    expect(full).toMatchObject({ status: 3, stderr: text('Cannot write /dev/full: the disk is full') });
    const requests = server.seen.length;
    const nowhere = await runCli(['capture', `${server.origin}/five`, '-o', file('no/such/folder')]);
    expect(nowhere).toMatchObject({ status: 3, stderr: text('no such file') });
    expect(server.seen.length).toBe(requests);
  });
});

describe('commands that run until Ctrl-C', () => {
  test('lab prints its addresses, which can be captured', async () => {
    const lab = startCli(['lab']);
    const [, url = ''] = await lab.waitFor(/"url":"([^"]+\/stages\/hello[^"]*|[^"]+)"/);
    await lab.waitFor(/press Ctrl-C/);
    const { status, records } = await runCli(['capture', url, '--max-time', '5', '-o', file('lab')]);
    expect(status).toBe(0);
    expect(records.length).toBeGreaterThan(0);
    const taken = await runCli(['lab', '--port', new URL(url).port]);
    expect(taken).toMatchObject({ status: 3, stdout: '', stderr: text('in use') });
    lab.process.kill('SIGINT');
    const ran = await lab.ended;
    expect(ran.status).toBe(0);
    expect(ran.records[0]).toMatchObject({
      id: expect.any(String) as string,
      url: text('http://127.0.0.1:'),
      description: expect.any(String) as string,
    });
  });

  test('serve prints an address with a token, and answers only with it', async ({ skip }) => {
    skip(!isBuilt, 'the user interface is not built: run "npm test -- build" first');
    const cli = startCli(['serve', file('opened.sse'), '--data', file('data'), '--json']);
    const [, address = ''] = await cli.waitFor(/"address":"([^"]+)"/);
    const { origin, port, hash } = new URL(address);
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(hash).toMatch(/^#token=[\w-]{20,}$/);
    expect((await fetch(origin)).headers.get('content-security-policy')).toBeTruthy();
    await cli.waitFor(/Ctrl-C/);
    const taken = await runCli(['serve', '--port', port, '--data', file('other')]);
    expect(taken).toMatchObject({ status: 3, stdout: '', stderr: text('in use') });
    cli.process.kill('SIGINT');
    const { status, stderr } = await cli.ended;
    expect(status).toBe(0);
    expect(stderr).toContain('opened.sse');
  });
});
