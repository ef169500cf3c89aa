import { describe, expect, test } from 'vitest';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { parseServerLogLine, readServerLog } from '../../../src/core/sse/server-log.ts';

describe('a comment', () => {
  test.each([
    ['yield 0 1732456789123.4', { kind: 'yield', n: 0, at: 1732456789123.4 }],
    ['yield 12 7', { kind: 'yield', n: 12, at: 7 }],
    ['  open 3 ', { kind: 'open', count: 3 }],
    ['context 3f0c-1', { kind: 'context', id: '3f0c-1' }],
  ])('%j is a log line', (comment, line) => expect(parseServerLogLine(comment)).toEqual(line));

  test.each([
    '',
    'ping',
    'yield',
    'yield 1',
    'yield -1 5',
    'yield 1 5 6',
    'yield 1 1e3',
    'yield 1 Infinity',
    'yield 1 NaN',
    'yielded 1 5',
    'Yield 1 5',
    'open',
    'open -1',
    'open 1.5',
    'open all night',
    'context',
    'context a b',
    `context ${'x'.repeat(201)}`,
    `yield 1 ${'9'.repeat(400)}`,
  ])('%j is not a log line', (comment) => expect(parseServerLogLine(comment)).toBeNull());
});

describe('the log lines of a stream', () => {
  test('belong to the next event, in the same block or after a separate one', () => {
    const log = read(': open 2\n\n: yield 0 10\ndata: a\n\n: yield 1 20.5\n\n: context x\n\ndata: b\n\n');
    expect(log).toMatchObject({
      open: 2,
      yields: [
        { n: 0, at: 10, seq: 0 },
        { n: 1, at: 20.5, seq: 1 },
      ],
      contexts: [{ id: 'x', seq: 1 }],
    });
  });

  test('have no event if another yield comes first, or the end', () => {
    const { yields } = read(': yield 0 10\ndate: a\n\n: yield 1 20\ndata: b\n\n: yield 2 30\ndata: cut off');
    expect(yields.map(({ seq }) => seq)).toEqual([null, 0, null]);
  });

  test('are found after a BOM, with CRLF, and without a space after the colon', () => {
    const { yields } = read('\uFEFF:yield 0 10\r\ndata: a\r\n\r\n: yield 1 20\r\ndata: b\r\n\r\n');
    expect(yields.map(({ at, seq }) => [at, seq])).toEqual([
      [10, 0],
      [20, 1],
    ]);
  });

  test('are not taken from data or from other fields', () => {
    expect(read('data: yield 0 10\nyield: 1 2\n\n')).toMatchObject({ yields: [], open: null });
  });

  test('are the same however the bytes are cut', () => {
    const text = ': open 1\n\n: yield 0 10\ndata: ä\n\n: yield 1 20\r\ndata: b\r\n\r\n';
    const whole = read(text);
    for (let cut = 1; cut < Buffer.byteLength(text); cut++) expect(read(text, cut)).toEqual(whole);
  });
});

function read(text: string, cut = 0) {
  const body = Buffer.from(text);
  const pieces = [body.subarray(0, cut), body.subarray(cut)];
  const { blocks } = derive([
    {
      kind: 'response',
      at: 0,
      status: 200,
      headers: [['content-type', 'text/event-stream']],
      httpVersion: '',
    },
    ...pieces.map(
      (bytes, read) => ({ kind: 'chunk', at: read, read, wireBytes: bytes.length, bytes }) as const,
    ),
    { kind: 'end', at: 2, reason: 'complete' },
  ]);
  const { yields, open, contexts } = readServerLog(blocks);
  return { yields, open, contexts };
}
