import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, scratch } from './run-cli.ts';

const file = (name: string): string => join(scratch(), name);

const header = (name: string): string =>
  `{"format":"ssecap","version":1,"request":{"method":"GET","url":"http://h/","headers":[["authorization","Bearer s3cret"]],"client":"raw"},"startedAt":"2026-01-02T03:04:05.678Z","name":"${name}"}\n`;
const body =
  '{"kind":"chunk","at":1.5,"read":0,"wireBytes":5,"base64":"ZGF0YTog4g=="}\n{"kind":"chunk","at":2,"read":1,"wireBytes":5,"text":"x\\n\\n"}\n' +
  '{"kind":"later","at":2,"x":[1]}\n{"kind":"end","at":3,"reason":"aborted"}\n';

describe('export', () => {
  test('formats that can be opened again give the same events, and ssecap the same file', async () => {
    writeFileSync(file('a.ssecap.ndjson'), header('a') + body);
    const events = await runCli(['inspect', file('a.ssecap.ndjson'), '--as', 'events', '--all']);
    for (const format of ['har', 'ssecap', 'sse']) {
      const target = file(`a.${format}`);
      expect(
        await runCli(['export', file('a.ssecap.ndjson'), '--to', format, '-o', target, '--with-secrets']),
      ).toMatchObject({ status: 0, stdout: '', stderr: '' });
      const again = await runCli(['inspect', target, '--as', 'events', '--all']);
      const provenance = format === 'sse' ? { at: null, chunks: [0, 0] } : {};
      expect(again.records).toEqual(events.records.map((record) => ({ ...record, ...provenance })));
    }
    expect(readFileSync(file('a.ssecap'), 'utf8')).toBe(header('a') + body);
  });

  test('reads standard input, writes standard output, and redacts secrets by default', async () => {
    const stdin = header('a') + body;
    const { status, stdout } = await runCli(['export', '-', '--to', 'har'], { stdin });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ log: { version: '1.2' } });
    expect(stdout).not.toContain('s3cret');
    expect((await runCli(['export', '-', '--to', 'curl'], { stdin })).stdout).toContain(
      `"\${AUTHORIZATION:?`,
    );
    expect((await runCli(['export', '-', '--to', 'curl', '--with-secrets'], { stdin })).stdout).toContain(
      's3cret',
    );
    expect((await runCli(['export', '-', '--to', 'ndjson'], { stdin })).records).toMatchObject([
      { seq: 0, data: '\uFFFDx' },
    ]);
    expect((await runCli(['export', '-', '--to', 'csv'], { stdin })).stdout).toMatch(
      /^seq,type,.*\r\n0,message,/,
    );
  });

  test('a file can be converted onto itself', async () => {
    writeFileSync(file('self'), header('a') + body);
    expect((await runCli(['export', file('self'), '--to', 'ssecap', '-o', file('self')])).status).toBe(0);
    expect(readFileSync(file('self'), 'utf8')).toBe(header('a').replace('s3cret', '[redacted]') + body);
  });

  test('requires --capture if a file contains several captures', async () => {
    writeFileSync(file('two'), header('one') + body + header('two') + body);
    const unsaid = await runCli(['export', file('two'), '--to', 'ssecap']);
    expect(unsaid).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('2 captures') as string,
    });
    const second = await runCli([
      'export',
      file('two'),
      '--to',
      'ssecap',
      '--capture',
      '2',
      '--with-secrets',
    ]);
    expect(second.stdout).toBe(header('two') + body);
    expect((await runCli(['export', file('two'), '--to', 'ssecap', '--capture', '3'])).status).toBe(2);
    const { records } = await runCli(['inspect', file('two')]);
    expect(records).toMatchObject([{ name: 'one' }, { name: 'two', capture: 1 }]);
  });

  test('reports a failed write with status 3, and leaves no partial file', async () => {
    writeFileSync(file('a.ssecap.ndjson'), header('a') + body);
    const full = await runCli(['export', file('a.ssecap.ndjson'), '--to', 'har', '-o', '/dev/full']);
    expect(full).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('/dev/full: the disk is full') as string,
    });
    const nowhere = await runCli([
      'export',
      file('a.ssecap.ndjson'),
      '--to',
      'har',
      '-o',
      file('no/such/folder/x'),
    ]);
    expect(nowhere).toMatchObject({ status: 3, stderr: expect.stringContaining('no such file') as string });
    writeFileSync(file('bad'), 'not a capture');
    expect((await runCli(['export', file('bad'), '--to', 'har', '-o', file('out.har')])).status).toBe(3);
    expect(existsSync(file('out.har'))).toBe(false);
  });

  test('inspects and exports a file that is far larger than memory', async () => {
    const line = `{"kind":"chunk","at":1,"read":0,"wireBytes":1,"text":"data: ${'x'.repeat(2000)}\\n\\n"}\n`;
    writeFileSync(file('large.ssecap.ndjson'), header('large') + line.repeat(20_000));
    const nodeFlags = ['--max-old-space-size=24'];
    const summary = await runCli(['inspect', file('large.ssecap.ndjson')], { nodeFlags });
    expect(summary.records).toMatchObject([{ events: 20_000 }]);
    const har = await runCli(
      ['export', file('large.ssecap.ndjson'), '--to', 'har', '-o', file('large.har')],
      { nodeFlags },
    );
    expect(har).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(file('large.har')).length).toBeGreaterThan(125_000_000);
  }, 120_000);
});
