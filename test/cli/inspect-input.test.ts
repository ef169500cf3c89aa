import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { runCli, scratch } from './run-cli.ts';

const run = promisify(execFile);
const file = (name: string): string => join(scratch(), name);

describe('inspect', () => {
  test('--format overrides the detected format', async () => {
    const asked = ['inspect', '-', '--as', 'events', '--format'];
    const stdin = '{"a":1}\ndata: x\n\n';
    expect((await runCli([...asked, 'event-stream'], { stdin })).records).toMatchObject([{ data: 'x' }]);
    expect((await runCli([...asked, 'ndjson'], { stdin })).records).toMatchObject([
      { data: '{"a":1}' },
      { data: 'data: x' },
    ]);
    expect(await runCli([...asked, 'har'], { stdin })).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('HAR file is damaged') as string,
    });
    const exported = await runCli(['export', '-', '--to', 'ndjson', '--format', 'event-stream'], { stdin });
    expect(exported.records).toMatchObject([{ data: 'x' }]);
  });

  test('reads an event stream that starts with NUL', async () => {
    const { status, records } = await runCli(['inspect', '-', '--as', 'events'], {
      stdin: 'id:\u0000\ndata: x\n\n',
    });
    expect(status).toBe(0);
    expect(records).toMatchObject([{ data: 'x', lastEventId: '' }]);
  });

  test('reads raw bytes and standard input, without times', async () => {
    const { status, records } = await runCli(['inspect', '-', '--as', 'events'], {
      stdin: 'data: x\r\rdata: ä\n\n',
    });
    expect(status).toBe(0);
    expect(records).toMatchObject([
      { seq: 0, data: 'x', at: null },
      { seq: 1, data: 'ä', at: null },
    ]);
  });

  test('shows the events of a pipe while it is open', async () => {
    const script = `(printf 'data: 1\\n\\n'; read go < "$1"; printf 'data: 2\\n\\n') | "$2" "$3" inspect - --as events | (head -n 1; echo go > "$1"; cat)`;
    const fifo = file('go');
    await run('mkfifo', [fifo]);
    const entry = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');
    // Hangs if the first event is printed only after the second.
    const { stdout } = await run('sh', ['-c', script, 'sh', fifo, process.execPath, entry], {
      timeout: 20_000,
    });
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(2);
  });

  test.each([
    ['empty.ssecap.ndjson', '', /Cannot open .*: the file is empty\n$/],
    ['page.sse', '<!doctype html><p>Not found', /HTML/],
    ['answer.har', '{"error":{"message":"no"}}', /JSON, but not a capture/],
    ['torn.har', '{"log":{"entries":[{', /HAR file is damaged/],
    [
      'other.har',
      '{"log":{"entries":[{"response":{"content":{"mimeType":"text/html"}}}]}}',
      /none of the HAR file's 1 entries/,
    ],
    ['zip.ssecap.ndjson', 'PK\u0003\u0004\u0000\u0000', /binary/],
    ['late.ssecap.ndjson', '{"format":"ssecap","version":99}\n', /version 99/],
  ])('refuses %s containing %j with status 3 and one sentence', async (name, text, message) => {
    writeFileSync(file(name), text);
    const { status, stdout, stderr } = await runCli(['inspect', file(name)]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('refuses a missing file and a folder with status 3', async () => {
    expect(await runCli(['inspect', file('nowhere')])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('no such file') as string,
    });
    expect(await runCli(['inspect', scratch()])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('folder') as string,
    });
  });
});
