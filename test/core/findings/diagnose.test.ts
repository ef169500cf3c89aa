import { describe, expect, test } from 'vitest';
import { Analysis } from '../../../src/core/analysis/analysis.ts';
import type { CaptureRecord, EndRecord, NoteRecord } from '../../../src/core/capture/record.ts';
import { haveRecordedStreams, recordedStreams } from '../../fixtures/recorded-streams.ts';

const encoder = new TextEncoder();
const ok = {
  kind: 'response',
  at: 1,
  status: 200,
  headers: [['Content-Type', 'text/event-stream']],
  httpVersion: 'HTTP/1.1',
} as const;
const chunk = (bytes: Uint8Array | string, at = 10): CaptureRecord => {
  const body = typeof bytes === 'string' ? encoder.encode(bytes) : bytes;
  return { kind: 'chunk', at, read: at, wireBytes: body.length, bytes: body };
};
const warning = (fields: NoteRecord['fields']): CaptureRecord => ({
  kind: 'note',
  at: 5,
  note: 'warning',
  fields,
});
const end = (reason: EndRecord['reason'] = 'complete', message?: string): CaptureRecord => ({
  kind: 'end',
  at: 30,
  reason,
  ...(message === undefined ? {} : { error: { code: 'X', message } }),
});

function findings(records: readonly CaptureRecord[], url = 'http://x/events') {
  const analysis = new Analysis({ method: 'GET', url, headers: [], client: 'raw' });
  for (const record of records) analysis.push(record);
  return analysis.findings;
}
const codes = (records: readonly CaptureRecord[]) => findings(records).map(({ code }) => code);

describe('diagnose', () => {
  test.each([
    ['plain events', 'data: hello world\n\ndata: hello world\n\n'],
    ['comments, ids and types', ': hi\n\nid: 1\nevent: tick\ndata: {"n":1}\n\nretry: 5\n\n'],
    ['a comment that is unfinished', 'data: a\n\n: bye'],
    ['JSON that is no model', 'data: {"a":1}\n\ndata: [1,2]\n\n'],
  ])('is silent about a healthy stream: %s', (_name, body) => {
    expect(findings([ok, chunk(body), end()])).toEqual([]);
  });

  test.skipIf(!haveRecordedStreams).each(
    recordedStreams()
      .filter(({ name }) => !/error|parallel/.test(name))
      .map((one) => [one.name, one] as const),
  )('is silent about the recorded stream %s', (_name, { body }) => {
    expect(findings([ok, chunk(body), end()])).toEqual([]);
  });

  test.each([
    ['application/x-ndjson', '{"a":1}\n{"b":2}'],
    ['application/jsonl; charset=utf-8', '{"a":1}\n\n{"b":2}\n'],
    ['text/plain', '{"a":1}\n'],
    ['application/x-ndjson', '\n\n'],
  ])('is silent about healthy JSON lines, of %s: %j', (type, body) => {
    expect(findings([{ ...ok, headers: [['content-type', type]] }, chunk(body), end()])).toEqual([]);
  });

  test('points for a missing end at the last event, after which nothing came', () => {
    const delta = '{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"}}]}';
    const found = findings([ok, chunk(`data: ${delta}\n\n: comment\n\ndata: ${delta}\n\n`), end()]);
    expect(found).toMatchObject([
      {
        code: 'missing-terminal-event',
        evidence: [
          { kind: 'event', seq: 1 },
          { kind: 'end', reason: 'complete', error: null },
        ],
      },
    ]);
  });

  test('finds the problems of JSON and connection in JSON lines', () => {
    const lines = { ...ok, headers: [['content-type', 'application/x-ndjson']] } as const;
    expect(codes([lines, chunk('{"a":1,}\n{"b"'), end('premature-close')])).toEqual([
      'json-malformed',
      'json-truncated',
      'premature-close',
    ]);
  });

  test.each<[string, readonly CaptureRecord[], readonly string[]]>([
    ['a refused connection', [end('error', 'nobody listens')], ['connection-failed']],
    ['a status that is no 200', [{ ...ok, status: 404 }, chunk('<html>'), end()], ['http-status']],
    [
      'another content type',
      [{ ...ok, headers: [['content-type', 'text/html']] }, chunk('data: a\n\n'), end()],
      ['wrong-content-type'],
    ],
    ['bytes without an event', [ok, chunk('hello'), end()], ['no-events']],
    [
      'a last event without its blank line',
      [ok, chunk('data: a\n\ndata: b\n'), end()],
      ['event-without-blank-line'],
    ],
    [
      'bytes that are no UTF-8',
      [ok, chunk(Uint8Array.of(...encoder.encode('data: '), 0xff, 10, 10)), end()],
      ['utf8-invalid'],
    ],
    [
      'a coding that nothing here decodes',
      [
        { ...ok, headers: [...ok.headers, ['Content-Encoding', 'dcb']] },
        warning({ code: 'unknown-coding', text: 'x', coding: 'dcb' }),
        chunk(Uint8Array.of(0x81, 0xff, 10, 10, 0xfe)),
        end(),
      ],
      ['content-encoded'],
    ],
    [
      'bytes behind the end of the compressed data',
      [ok, chunk('data: a\n\n'), warning({ code: 'bytes-after-content', text: 'x', bytes: 1 }), end()],
      ['bytes-after-body'],
    ],
    [
      'bytes behind the end of the response',
      [ok, chunk('data: a\n\n'), warning({ code: 'bytes-after-body', text: 'x', bytes: 1 }), end()],
      ['bytes-after-body'],
    ],
    ['malformed JSON', [ok, chunk('data: {"a":1,}\n\n'), end()], ['json-malformed']],
    ['truncated JSON', [ok, chunk('data: {"a":\n\n'), end()], ['json-truncated']],
    ['JSON cut over events', [ok, chunk('data: {"a":\n\ndata: 1}\n\n'), end()], ['json-split-across-events']],
    [
      'a connection that closed early',
      [ok, chunk('data: a\n\n'), end('premature-close', 'closed')],
      ['premature-close'],
    ],
  ])('finds %s, and nothing else', (_name, records, expected) => {
    expect(codes(records)).toEqual(expected);
  });

  test('gives evidence for everything it says', () => {
    const all = findings([
      { ...ok, headers: [] },
      chunk('data: {"error":{"message":"no"},"choices":[{"delta":{}}]}\n\ndata: {"a":1,}\n\ndata: x'),
      end('premature-close', 'closed'),
    ]);
    expect(all.map(({ code }) => code)).toEqual([
      'wrong-content-type',
      'json-malformed',
      'error-in-stream',
      'premature-close',
    ]);
    for (const finding of all) {
      expect(finding.evidence.length).toBeGreaterThan(0);
      expect(finding.advice).not.toBe('');
    }
  });

  test('finds the silence of a model under its keep-alives, and that of any other stream', () => {
    const deltas = Array.from({ length: 40 }, (_, n) => 100 + 20 * n);
    const text = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } };
    const start = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
    const pings = Array.from({ length: 20 }, (_, n) => 1300 + 500 * n);
    const found = findings([
      ok,
      chunk(`data: {"type":"message_start","message":{}}\n\ndata: ${JSON.stringify(start)}\n\n`, 50),
      ...deltas.map((at) => chunk(`data: ${JSON.stringify(text)}\n\n`, at)),
      ...pings.map((at) => chunk('event: ping\ndata: {"type":"ping"}\n\n', at)),
      { kind: 'end', at: 11_000, reason: 'aborted' },
    ]).filter(({ code }) => code === 'stalled');
    expect(found).toMatchObject([{ severity: 'info', evidence: [{ kind: 'gap', at: 880, ms: 10_120 }] }]);

    const plain = [...deltas, 4500].map((at) => chunk('data: tick\n\n', at));
    expect(findings([ok, ...plain, end()])).toMatchObject([
      { code: 'stalled', evidence: [{ kind: 'gap', at: 880, ms: 3620 }] },
    ]);
  });

  test('quotes a provider’s words exactly, and of several those that differ', () => {
    const error = (message: string) =>
      `event: error\ndata: {"type":"error","error":{"message":"${message}"}}\n\n`;
    const said = ['overloaded_error', 'overloaded_error', 'try later', 'b', 'c'].map(error).join('');
    expect(findings([ok, chunk(said), end()])).toMatchObject([
      {
        code: 'error-in-stream',
        message:
          'The stream carries an error: overloaded_error. The stream carries an error: try later. The stream carries an error: b. And 1 more.',
      },
    ]);
  });

  test('reports an error in a field named error, which clients ignore', () => {
    const delta = '{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"}}]}';
    const field = 'error: {"code":500,"message":"slot unavailable","type":"server_error"}\n\n';
    const found = findings([ok, chunk(`data: ${delta}\n\n${field}`), end()]);
    expect(found.map(({ code }) => code)).toEqual(['unknown-field', 'error-in-stream']);
    expect(found[1]).toMatchObject({
      severity: 'error',
      message:
        'A field named error, which no client sees, carries: {"code":500,"message":"slot unavailable","type":"server_error"}.',
      evidence: [{ kind: 'block', block: 1 }],
    });
    expect(codes([ok, chunk('data: a\n\nerror:\n\nerrors: 1\n\n'), end()])).toEqual(['unknown-field']);
  });

  test('calls a repeated message_start worth knowing and no more', () => {
    const start = 'data: {"type":"message_start","message":{"id":"m"}}\n\n';
    const stop =
      'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\ndata: {"type":"message_stop"}\n\n';
    expect(findings([ok, chunk(start + start + stop), end()])).toMatchObject([
      { code: 'data-after-done', severity: 'info' },
    ]);
    expect(findings([ok, chunk(start + stop + start + stop), end()])).toMatchObject([
      { code: 'data-after-done', severity: 'warning' },
    ]);
  });

  test('misses no end of a message that the user stopped', () => {
    const delta = '{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"}}]}';
    expect(codes([ok, chunk(`data: ${delta}\n\n`), end('aborted')])).toEqual([]);
    expect(codes([ok, chunk(`data: ${delta}\n\n`), end()])).toEqual(['missing-terminal-event']);
  });

  test('keeps a few instances and counts all', () => {
    const [finding] = findings([ok, chunk('data: {"x" 1}\n\n'.repeat(1000)), end()]);
    expect(finding?.message).toContain('Also events 1, 2, 3, 4 and 995 more');
    expect(finding?.evidence).toHaveLength(5);
  });
});
