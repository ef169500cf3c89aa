import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli, scratch } from './run-cli.ts';

const run = promisify(execFile);
const file = (name: string): string => join(scratch(), name);

const header =
  '{"format":"ssecap","version":1,"request":{"method":"GET","url":"http://h/?key=s3cret","headers":[],"client":"raw"},"startedAt":"2026-01-02T03:04:05.678Z"}';
const capture = [
  header,
  '{"kind":"response","at":5,"status":200,"headers":[["content-type","text/event-stream"]],"httpVersion":"HTTP/1.1"}',
  '{"kind":"chunk","at":10,"read":0,"wireBytes":40,"text":"id: 7\\nevent: tick\\ndata: {\\"n\\": 1234567890123"}',
  '{"kind":"chunk","at":20.5,"read":1,"wireBytes":30,"text":"45678901}\\r\\n\\r\\n: ping\\n\\nretry: 5\\n\\n"}',
  '{"kind":"chunk","at":30,"read":2,"wireBytes":20,"text":"data: [DONE]\\n\\ndata: lost"}',
  '{"kind":"end","at":40,"reason":"complete"}',
  '',
].join('\n');

const delta = (content: string): string =>
  `data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"${content}"},"finish_reason":null}]}\n\n`;

/** Records without members that depend on how the body was split. */
function withoutProvenance(records: readonly Record<string, unknown>[]): unknown[] {
  return records.map((record) => ({ ...record, chunks: null, at: null }));
}

beforeAll(() => {
  writeFileSync(file('a.ssecap.ndjson'), capture);
});

describe('inspect', () => {
  test('events have the documented records', async () => {
    const { status, stdout, stderr } = await runCli(['inspect', file('a.ssecap.ndjson'), '--as', 'events']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      '{"seq":0,"type":"tick","data":"{\\"n\\": 123456789012345678901}","lastEventId":"7","range":[0,56],"chunks":[0,1],"at":20.5}',
      '{"seq":1,"type":"message","data":"[DONE]","lastEventId":"7","range":[74,88],"chunks":[2,2],"at":30}',
      '',
    ]);
  });

  test('--all prints every block with its kind, and why it dispatched no event', async () => {
    const { records } = await runCli(['inspect', file('a.ssecap.ndjson'), '--as', 'events', '--all']);
    expect(records).toMatchObject([
      { kind: 'event', seq: 0, reason: null },
      { kind: 'comment', seq: null, data: 'ping', reason: expect.stringContaining('comments') as string },
      { kind: 'no-data', seq: null, retry: 5, reason: expect.stringContaining('no data') as string },
      { kind: 'event', seq: 1 },
      {
        kind: 'discarded',
        seq: null,
        data: 'lost',
        range: [88, 98],
        reason: expect.stringContaining('ended') as string,
      },
    ]);
  });

  test('json keeps the digits of 64-bit integers', async () => {
    const { stdout } = await runCli(['inspect', file('a.ssecap.ndjson'), '--as', 'json']);
    expect(stdout).toBe(
      '{"seq":0,"state":"complete","events":[0,0],"value":{"n":123456789012345678901}}\n' +
        '{"seq":1,"state":"sentinel","events":[1,1],"value":null,"text":"[DONE]","problem":null}\n',
    );
  });

  test('chunks have their position, time and read number', async () => {
    const { records } = await runCli(['inspect', file('a.ssecap.ndjson'), '--as', 'chunks']);
    expect(records).toMatchObject([
      { seq: 0, at: 10, read: 0, range: [0, 43], wireBytes: 40 },
      { seq: 1, at: 20.5, read: 1, range: [43, 74], wireBytes: 30 },
      { seq: 2, at: 30, read: 2, range: [74, 98], wireBytes: 20, text: 'data: [DONE]\n\ndata: lost' },
    ]);
  });

  test('prints a summary by default, with all counts and without secrets', async () => {
    const { records } = await runCli(['inspect', file('a.ssecap.ndjson')]);
    expect(records).toMatchObject([
      {
        request: { method: 'GET', url: 'http://h/?key=[redacted]' },
        status: 200,
        contentType: 'text/event-stream',
        chunks: 3,
        blocks: { event: 2, comment: 1, 'no-data': 1, discarded: 1, blank: 0 },
        events: 2,
        documents: { complete: 1, sentinel: 1, partial: 0, malformed: 0, text: 0, empty: 0 },
        bytes: 98,
        wireBytes: 90,
        firstByteAt: 10,
        duration: 40,
        gaps: { max: 10 },
        end: { reason: 'complete', at: 40 },
        warnings: [],
      },
    ]);
  });

  test('lines of a JSON lines file are events, however the file is split', async () => {
    writeFileSync(file('chat.jsonl'), '{"response":"Hé","done":false}\n\n{"response":"","done":true}');
    const whole = await runCli(['inspect', file('chat.jsonl'), '--as', 'events']);
    expect(whole.status).toBe(0);
    expect(whole.records).toMatchObject([
      { seq: 0, type: 'message', data: '{"response":"Hé","done":false}', range: [0, 32], at: null },
      { seq: 1, type: 'message', data: '{"response":"","done":true}', range: [33, 60] },
    ]);
    const pieces = await runCli(['inspect', file('chat.jsonl'), '--as', 'events', '--split', '1']);
    expect(withoutProvenance(pieces.records)).toEqual(withoutProvenance(whole.records));
    expect((await runCli(['inspect', file('chat.jsonl'), '--as', 'json'])).records).toMatchObject([
      { seq: 0, state: 'complete', value: { response: 'Hé', done: false } },
      { seq: 1, state: 'complete', value: { response: '', done: true } },
    ]);
    expect((await runCli(['inspect', file('chat.jsonl')])).records).toMatchObject([
      { framing: 'ndjson', events: 2, blocks: { event: 2, blank: 1 }, warnings: [] },
    ]);
  });

  test('findings have a message, evidence and advice', async () => {
    const stdin = 'data: {"a":1,}\n\ndata: {"b":2}\n\ndata: unfinished';
    const { records, status } = await runCli(['inspect', '-', '--as', 'findings'], { stdin });
    expect(status).toBe(0);
    expect(records).toMatchObject([
      { code: 'event-without-blank-line', severity: 'error', rung: 3, evidence: [{ kind: 'bytes' }] },
      {
        code: 'json-malformed',
        severity: 'error',
        rung: 5,
        evidence: [{ kind: 'document', document: 0, at: 7 }],
      },
    ]);
  });

  test('a healthy stream has no findings', async () => {
    const { records } = await runCli(['inspect', '-', '--as', 'findings'], { stdin: 'data: {"a":1}\n\n' });
    expect(records).toEqual([]);
  });

  test('messages are assembled from a model stream', async () => {
    const stop =
      'data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
    const stdin = `${delta('Hel')}${delta('lo')}${stop}data: [DONE]\n\n`;
    const { records } = await runCli(['inspect', '-', '--as', 'messages'], { stdin });
    expect(records).toMatchObject([
      {
        dialect: 'openai-chat',
        choice: 0,
        role: 'assistant',
        text: 'Hello',
        finishReason: 'stop',
        complete: true,
        toolCalls: [],
      },
    ]);
  });

  test('every split gives the same events, documents and counts', async () => {
    for (const as of ['events', 'json']) {
      const whole = await runCli(['inspect', file('a.ssecap.ndjson'), '--as', as]);
      for (const split of ['1', '2', '3', '1000', 'random:1', 'random:4294967295']) {
        const { status, records } = await runCli([
          'inspect',
          file('a.ssecap.ndjson'),
          '--as',
          as,
          '--split',
          split,
        ]);
        expect(status).toBe(0);
        expect(withoutProvenance(records)).toEqual(withoutProvenance(whole.records));
      }
    }
    const { records } = await runCli(['inspect', file('a.ssecap.ndjson'), '--as', 'chunks', '--split', '10']);
    expect(records.map(({ range, at }) => [range, at])).toEqual([
      ...[0, 10, 20, 30].map((n) => [[n, n + 10], 10]),
      ...[40, 50, 60].map((n) => [[n, n + 10], 20.5]),
      ...[70, 80].map((n) => [[n, n + 10], 30]),
      [[90, 98], 30],
    ]);
  });

  test('reports damage on standard error and shows the rest', async () => {
    const lines = capture.split('\n');
    lines[2] = '{"kind":"chunk","at":';
    writeFileSync(
      file('damaged.ssecap.ndjson'),
      `${lines.slice(0, 5).join('\n')}\n{"kind":"chunk","at":31,"te`,
    );
    const { status, stderr, records } = await runCli(['inspect', file('damaged.ssecap.ndjson')]);
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^sse-inspector: line 3 is damaged.*\nsse-inspector: .*ends inside line 6: its last 27 bytes/,
    );
    expect(records).toMatchObject([
      {
        end: null,
        warnings: [
          { message: expect.stringContaining('line 3') as string },
          { message: expect.stringContaining('27 bytes') as string },
          { code: 'no-end' },
        ],
      },
    ]);
  });

  test('prints a table in a terminal, without control characters of the stream', async () => {
    writeFileSync(
      file('ansi.sse'),
      'data: \u001b[31mred\u009b2J\u202e\u0007\n\nevent: \u001b]0;title\u0007\ndata: x\n\n',
    );
    const entry = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');
    const onTerminal = async (...args: string[]): Promise<string> => {
      const command = [process.execPath, entry, ...args].map((word) => `'${word}'`).join(' ');
      const { stdout } = await run('script', ['-qec', `stty cols 120; ${command}`, '/dev/null'], {
        // Colors are tested in terminal.test.ts: here no escape sequence is allowed.
        env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' },
      });
      return stdout;
    };
    for (const more of [
      ['--as', 'events'],
      ['--as', 'chunks'],
      ['--as', 'json'],
      ['--as', 'summary'],
      ['--as', 'events', '--all'],
      ['--as', 'events', '--json'],
    ]) {
      const shown = await onTerminal('inspect', file('ansi.sse'), ...more);
      // oxlint-disable-next-line no-control-regex
      expect(shown.replaceAll('\r\n', '\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    const table = await onTerminal('inspect', file('ansi.sse'), '--as', 'events');
    expect(table).toMatch(/^ +seq +at \(ms\) +bytes +type +id +data/);
    expect(table).toContain('‹001b›[31mred');
    expect(await onTerminal('export', file('ansi.sse'), '--to', 'sse')).not.toContain('\u001b');
  });
});
