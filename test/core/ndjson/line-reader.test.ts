import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineReader } from '../../../src/core/ndjson/line-reader.ts';
import type { Block } from '../../../src/core/sse/block.ts';
import type { BlockLimits } from '../../../src/core/sse/block-parser.ts';
import { bytesOf, cutAt, everyCut, inPieces, rawBytes, withoutProvenance } from '../sse/body-pieces.ts';

const start = { offset: 0, blocks: 0, events: 0, lastEventId: '' };

/** Reads pieces as the chunks of one body, chunk n arriving at n × 10 ms. */
function readLines(pieces: readonly Uint8Array[], isWhole = true, limits?: BlockLimits): Block[] {
  const blocks: Block[] = [];
  const reader = new LineReader((block) => blocks.push(block), start, true, limits);
  pieces.forEach((piece, i) => reader.push(piece, i, i * 10));
  reader.end(isWhole);
  return blocks;
}

const shape = (blocks: readonly Block[]) =>
  blocks.map(({ kind, range, data }) => [kind, range.start, range.end, data]);

describe('a line of JSON', () => {
  test('is an event without a type or an ID whose data is the line', () => {
    expect(readLines([bytesOf('{"a":1}\n')])).toEqual([
      {
        framing: 'ndjson',
        index: 0,
        kind: 'event',
        seq: 0,
        range: { start: 0, end: 8 },
        chunks: [0, 0],
        at: 0,
        type: 'message',
        data: '{"a":1}',
        lastEventId: '',
        retry: null,
        illFormed: false,
        cut: false,
        unfinished: false,
        flaws: [],
        log: [],
      },
    ]);
  });

  test('ends in LF, with a CR before it or without; a CR elsewhere is white space inside it', () => {
    expect(shape(readLines([bytesOf('{"a":1}\r\n{"b":\r2}\n')]))).toEqual([
      ['event', 0, 9, '{"a":1}'],
      ['event', 9, 18, '{"b":\r2}'],
    ]);
  });

  test('that is blank is not an event: a run of them is one block, and the blocks tile the body', () => {
    const body = bytesOf('\n{"a":1}\n\r\n \t\n\n{"b":2}\n\n');
    for (const pieces of everyCut(body)) {
      expect(shape(readLines(pieces))).toEqual([
        ['blank', 0, 1, ''],
        ['event', 1, 9, '{"a":1}'],
        ['blank', 9, 15, ''],
        ['event', 15, 23, '{"b":2}'],
        ['blank', 23, 24, ''],
      ]);
    }
  });

  test('needs no line feed at the end of the body, and is flagged there unless the body is complete', () => {
    const body = bytesOf('{"a":1}\n{"b":2');
    for (const pieces of everyCut(body)) {
      expect(readLines(pieces, true)).toMatchObject([
        { data: '{"a":1}', unfinished: false },
        { kind: 'event', seq: 1, data: '{"b":2', unfinished: false, range: { start: 8, end: 14 } },
      ]);
      expect(readLines(pieces, false).map(({ unfinished }) => unfinished)).toEqual([false, true]);
    }
    expect(readLines([bytesOf('{"a":1}\n')], false)[0]?.unfinished).toBe(false);
  });

  test('is reported as soon as its line feed has arrived', () => {
    const told: string[] = [];
    const reader = new LineReader(({ data }) => told.push(data), start);
    reader.push(bytesOf('{"a":1}'), 0, 0);
    expect(told).toEqual([]);
    reader.push(bytesOf('\n{"b"'), 1, 10);
    expect(told).toEqual(['{"a":1}']);
  });

  test('names its chunks and the time of its last byte; so does a blank run, which is reported later', () => {
    const empty = new Uint8Array(0);
    const pieces = cutAt(bytesOf('{"a":1}\n\n\n{"b":2}\n'), [3, 8, 9, 10, 12]);
    expect(readLines([empty, ...pieces]).map(({ kind, chunks, at }) => [kind, chunks, at])).toEqual([
      ['event', [1, 2], 20],
      ['blank', [3, 4], 40],
      ['event', [5, 6], 60],
    ]);
  });

  test('may be changed by its owner once it was taken', () => {
    const blocks: Block[] = [];
    const reader = new LineReader((block) => blocks.push(block), start);
    const shared = new Uint8Array(64);
    for (const piece of inPieces(bytesOf(`"${'é'.repeat(100)}"\n`), 50)) {
      shared.set(piece);
      reader.push(shared.subarray(0, piece.length), 0, 0);
      shared.fill(0);
    }
    expect(blocks[0]?.data).toBe(`"${'é'.repeat(100)}"`);
  });
});

describe('a byte order mark', () => {
  test('is removed once at the start of a body, and its bytes belong to the first block', () => {
    const body = rawBytes('\xef\xbb\xbf{"a":1}\n\xef\xbb\xbf{"b":2}\n');
    for (const pieces of everyCut(body)) {
      expect(shape(readLines(pieces))).toEqual([
        ['event', 0, 11, '{"a":1}'],
        ['event', 11, 22, '\ufeff{"b":2}'],
      ]);
    }
  });
});

describe('ill-formed UTF-8', () => {
  test.each([
    ['a lone byte', '"\xff"', '"\ufffd"'],
    ['a sequence that the line end cuts off', '"\xe2\x82', '"\ufffd'],
  ])('%s becomes U+FFFD and is flagged, however it is cut', (_name, binary, data) => {
    for (const pieces of everyCut(rawBytes(`"a"\n${binary}\n"\xef\xbf\xbd"\n`))) {
      const blocks = readLines(pieces);
      expect(blocks.map(({ illFormed }) => illFormed)).toEqual([false, true, false]);
      expect(blocks[1]?.data).toBe(data);
    }
  });
});

describe('limits', () => {
  const limits = { line: 10, block: 60 };

  test('cut a line at its limit without dividing a character, equally for every split, and reading continues', () => {
    const body = bytesOf('"1234567\u{1f600}xyz"\n"12345678"\n"12345678"\r\n"a"\n');
    for (const pieces of everyCut(body)) {
      expect(readLines(pieces, true, limits)).toMatchObject([
        { data: '"1234567', cut: true, illFormed: false },
        { data: '"12345678"', cut: false },
        { data: '"12345678"', cut: true },
        { data: '"a"', cut: false },
      ]);
    }
  });

  test('keep memory bounded while a line never ends', () => {
    const reader = new LineReader(() => undefined, start);
    const piece = new Uint8Array(1 << 20).fill(0x61);
    for (let i = 0; i < 20; i++) reader.push(piece, 0, 0);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i++) reader.push(piece, 0, 0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
  });
});

test('any lines give the same however they are cut, and tile the body', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '{"a":1}',
      '{"t":"é😀"}',
      '[1,',
      ' ',
      '\t',
      '\n',
      '\r\n',
      '\r',
      '\n\n',
      '\ufeff',
      'data: x',
    ),
    fc.constantFrom('\xff', '\xc3', '\xe2\x82').map((binary) => rawBytes(binary)),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 12 }), (parts, cuts) => {
      const body = Buffer.concat(parts.map((one) => (typeof one === 'string' ? bytesOf(one) : one)));
      const whole = readLines([body]);
      const places = cuts.map((cut) => cut % (body.length + 1));
      expect(withoutProvenance(readLines(cutAt(body, places)))).toEqual(withoutProvenance(whole));
      expect(withoutProvenance(readLines(inPieces(body, 1)))).toEqual(withoutProvenance(whole));
      let end = 0;
      for (const { range } of whole) {
        expect(range.start).toBe(end);
        expect(range.end).toBeGreaterThan(end);
        end = range.end;
      }
      expect(end).toBe(body.length);
    }),
    { numRuns: 500 },
  );
});
