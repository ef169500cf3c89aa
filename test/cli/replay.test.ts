import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { runCli, scratch, startCli, type RunningCli, type RunOptions } from './run-cli.ts';

const running: RunningCli[] = [];
afterEach(() => {
  for (const { process } of running.splice(0)) process.kill('SIGKILL');
});

async function serve(args: readonly string[], options: RunOptions = {}) {
  const cli = startCli(['replay', ...args], options);
  running.push(cli);
  const [, origin = ''] = await cli.waitFor(/Serving .* at (http:[^\s;]+)/);
  return { origin, cli };
}

async function stop(cli: RunningCli) {
  cli.process.kill('SIGINT');
  return cli.ended;
}

const head =
  '{"format":"ssecap","version":1,"request":{"method":"GET","url":"http://h/","headers":[],"client":"raw"},"startedAt":"2026-01-02T03:04:05.678Z"}\n' +
  '{"kind":"response","at":1,"status":200,"headers":[["Content-Type","text/event-stream"]],"httpVersion":"HTTP/1.1"}\n';
const chunk = (n: number): string =>
  `{"kind":"chunk","at":${n},"read":${n},"wireBytes":16,"text":"id: ${n}\\ndata: ${n}\\n\\n"}\n`;
const end = '{"kind":"end","at":9,"reason":"complete"}\n';
const body = 'id: 1\ndata: 1\n\nid: 2\ndata: 2\n\n';

function file(name: string, content: string): string {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  return path;
}

describe('the command replay', () => {
  test('serves a capture, and prints its address and its log as NDJSON', async () => {
    const { origin, cli } = await serve([file('a.ssecap.ndjson', head + chunk(1) + chunk(2) + end)]);
    const response = await fetch(`${origin}/v1/chat`, {
      method: 'POST',
      body: '{}',
      headers: { 'x-request-id': 'me' },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await response.text()).toBe(body);
    // Printed while it runs.
    await cli.waitFor(/"kind":"close"/);
    const { status, records } = await stop(cli);
    expect(status).toBe(0);
    expect(records[0]).toEqual({
      kind: 'replay',
      url: origin,
      status: 200,
      bytes: 30,
      chunks: 2,
      duration: 9,
      ids: true,
    });
    expect(records.slice(1)).toMatchObject([
      { kind: 'request', requestId: 'me', method: 'POST', path: '/v1/chat' },
      { kind: 'written', n: 0, bytes: 15 },
      { kind: 'written', n: 1, bytes: 15 },
      { kind: 'close', reason: 'complete', pieces: 2, bytes: 30 },
    ]);
  });

  test('cuts, splits and breaks as it is told', async () => {
    const path = file('b.ssecap.ndjson', head + chunk(1) + chunk(2) + end);
    const { origin, cli } = await serve([
      path,
      '--split',
      '4',
      '--cut',
      '10',
      '--speed',
      'instant',
      '--fault',
      'wrong-content-type',
      '--fault',
      'slow_close:0.01',
    ]);
    const response = await fetch(origin);
    expect([response.headers.get('content-type'), await response.text()]).toEqual([
      'text/plain; charset=utf-8',
      body.slice(0, 10),
    ]);
    const { records } = await stop(cli);
    expect(records.filter(({ kind }) => kind === 'written').map(({ bytes }) => bytes)).toEqual([4, 4, 2]);
  });

  test('serves what a damaged capture still has, says what is missing, and cuts the connection where it breaks off', async () => {
    const torn = file(
      'torn.ssecap.ndjson',
      `${head + chunk(1)}{"kind":"chunk","at":oops}\n${chunk(2)}{"kind":"chunk","at":3,"te`,
    );
    const { origin, cli } = await serve([torn]);
    const response = await fetch(origin);
    let received = '';
    const read = async (): Promise<void> => {
      for await (const bytes of response.body ?? []) received += Buffer.from(bytes as Uint8Array).toString();
    };
    await expect(read()).rejects.toThrow('terminated');
    expect(received).toBe(body);
    const { stderr, records } = await stop(cli);
    expect(stderr).toContain('line 4 is damaged');
    expect(stderr).toContain('ends inside line 6');
    expect(records.at(-1)).toMatchObject({ kind: 'close', reason: 'fault' });
  });

  test.each([
    ['empty', '', 'the file is empty'],
    ['a page', '<html></html>', 'HTML'],
    ['a header without more', head.split('\n')[0] + '\n', 'nothing to replay'],
    ['an odd status', head.replace('"status":200', '"status":7') + end, 'status 7'],
  ])('refuses %s with status 3', async (name, content, message) => {
    const { status, stderr, stdout } = await runCli(['replay', file(name, content)]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('on a port that is taken says so with status 3', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { status, stderr } = await runCli(['replay', file('c', head + end), '--port', String(port)]);
    other.close();
    expect(status).toBe(3);
    expect(stderr).toBe(
      `sse-inspector: port ${port} on 127.0.0.1 is taken by another program: choose another port\n`,
    );
  });

  test.each([
    ['--split', '0'],
    ['--speed', '0'],
    ['--cut', '-1'],
    ['--fault', 'stall:never'],
    ['--allow-origin', 'localhost'],
    ['--allow-origin', 'http://localhost/path'],
    ['--fault=reset', '--fault=premature-close'],
    ['--capture', '2'],
  ])('refuses %s %s with status 2', async (...args) => {
    const { status, stdout } = await runCli(['replay', file('d', head + end), ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('reads raw streams, HAR files and standard input too, and one of several captures', async () => {
    const capture = head + chunk(1) + end;
    const har = join(scratch(), 'x.har');
    await runCli(['export', file('e', capture), '--to', 'har', '-o', har]);
    const inputs: [readonly string[], RunOptions?][] = [
      [[har]],
      [[file('raw.sse', 'id: 1\ndata: 1\n\n')]],
      [['-'], { stdin: capture }],
      [[file('two', head + chunk(2) + end + capture), '--capture', '2']],
    ];
    for (const [args, options] of inputs) {
      const { origin, cli } = await serve(args, options);
      for (let n = 0; n < 2; n++) expect(await (await fetch(origin)).text()).toBe('id: 1\ndata: 1\n\n');
      await stop(cli);
    }
  });

  test('tells in its log that the file has gone, and serves on', async () => {
    const path = file('gone', head + chunk(1) + end);
    const { origin, cli } = await serve([path]);
    rmSync(path);
    expect((await fetch(origin)).status).toBe(500);
    expect((await stop(cli)).records.filter(({ kind }) => kind === 'line')).toMatchObject([
      { text: `the capture cannot be served: Cannot read ${path}: no such file` },
    ]);
  });

  test('serves a file that is far larger than memory', async () => {
    const line = `{"kind":"chunk","at":1,"read":0,"wireBytes":1,"text":"data: ${'x'.repeat(8000)}\\n\\n"}\n`;
    const path = file('large', head + line.repeat(20_000) + end);
    const { origin, cli } = await serve([path, '--speed', 'instant'], {
      nodeFlags: ['--max-old-space-size=64'],
    });
    const lengths = await Promise.all(
      [1, 2, 3].map(async () => {
        let length = 0;
        for await (const bytes of (await fetch(origin)).body ?? []) length += (bytes as Uint8Array).length;
        return length;
      }),
    );
    expect(lengths).toEqual([1, 2, 3].map(() => 8008 * 20_000));
    expect((await stop(cli)).status).toBe(0);
  });
});
