import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/core/sse/block.ts';
import { BlockReader } from '../../../src/core/sse/block-reader.ts';
import {
  bytesOf,
  cutAt,
  dispatched,
  everyCut,
  inPieces,
  rawBytes,
  readBlocks,
  withoutProvenance,
} from './body-pieces.ts';

const kinds = (blocks: readonly Block[]) => blocks.map(({ kind, range }) => [kind, range.start, range.end]);

describe('blocks', () => {
  test('are classified by their content and tile the body', () => {
    const blocks = readBlocks([bytesOf('\n\n: ping\n\nid: 7\nfoo: x\n\ndata: a\n\n\n\ndata: b')]);
    expect(kinds(blocks)).toEqual([
      ['blank', 0, 2],
      ['comment', 2, 10],
      ['no-data', 10, 24],
      ['event', 24, 33],
      ['blank', 33, 35],
      ['discarded', 35, 42],
    ]);
    expect(blocks.map(({ seq }) => seq)).toEqual([null, null, null, 0, null, null]);
    expect(blocks.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(blocks[1]?.data).toBe('ping');
    expect(blocks[3]?.lastEventId).toBe('7');
  });

  test('with only comments have their text, line by line', () => {
    expect(readBlocks([bytesOf(': one\n:two\n:\n\n')])[0]).toMatchObject({
      kind: 'comment',
      data: 'one\ntwo\n',
    });
  });

  test('with an empty data line dispatch an empty event, and without a data line none', () => {
    expect(dispatched(readBlocks([bytesOf('data\n\nevent: x\n\n')]))).toEqual([
      { type: 'message', data: '', lastEventId: '' },
    ]);
  });

  test('keep the type buffer of blocks that dispatch nothing, and forget it in the next', () => {
    const blocks = readBlocks([bytesOf('event: a\n\ndata: 1\n\n')]);
    expect(blocks.map(({ type }) => type)).toEqual(['a', 'message']);
  });

  test('that the end of the body cut off are discarded with their bytes, their ID with them', () => {
    const [first, last] = readBlocks([bytesOf('id: 1\ndata: a\n\nid: 2\nretry: 5\ndata: b\ndata: c')]);
    expect(first).toMatchObject({ kind: 'event', lastEventId: '1' });
    expect(last).toMatchObject({ kind: 'discarded', seq: null, data: 'b\nc', lastEventId: '1', retry: 5 });
  });

  test('have no retry from a line that the end of the body cut off', () => {
    expect(readBlocks([bytesOf('data: a\nretry: 5')])[0]).toMatchObject({ kind: 'discarded', retry: null });
  });

  test('that set a reconnection time have it, as sent but at most the largest integer of JSON', () => {
    const times = readBlocks([
      bytesOf('retry: 010\n\nretry: -1\n\nretry: 1e3\n\nretry:  1\n\nretry: 9999999999999999999\n\n'),
    ]);
    expect(times.map(({ retry }) => retry)).toEqual([10, null, null, null, Number.MAX_SAFE_INTEGER]);
  });
});

describe('a byte order mark', () => {
  test('is removed once at the start of a body, also when it is cut, and its bytes belong to the first block', () => {
    const body = rawBytes('\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n');
    for (const pieces of everyCut(body)) {
      const blocks = readBlocks(pieces);
      expect(kinds(blocks)).toEqual([
        ['event', 0, 12],
        ['no-data', 12, 24],
      ]);
      expect(dispatched(blocks)).toEqual([{ type: 'message', data: 'a', lastEventId: '' }]);
    }
  });

  test.each([
    ['alone', '\xef\xbb\xbf', 'blank'],
    ['before a blank line', '\xef\xbb\xbf\n', 'blank'],
    ['that is incomplete', '\xef\xbb', 'discarded'],
  ])('%s is a block of its own', (_name, binary, kind) => {
    for (const pieces of everyCut(rawBytes(binary))) {
      expect(kinds(readBlocks(pieces))).toEqual([[kind, 0, binary.length]]);
    }
  });
});

describe('a CRLF divided between two chunks', () => {
  test('dispatches at its CR, and is then extended by the LF', () => {
    const reported: [string, Block][] = [];
    const reader = new BlockReader({
      block: (block) => reported.push(['block', block]),
      blockExtended: (block) => reported.push(['extended', block]),
    });
    reader.push(bytesOf('data: a\r\n\r'), 0, 10);
    expect(reported).toHaveLength(1);
    expect(reported[0]?.[1]).toMatchObject({
      kind: 'event',
      data: 'a',
      range: { start: 0, end: 10 },
      chunks: [0, 0],
      at: 10,
    });
    reader.push(bytesOf('\ndata: b\r\n\r\n'), 1, 20);
    expect(reported.map(([what]) => what)).toEqual(['block', 'extended', 'block']);
    expect(reported[1]?.[1]).toMatchObject({
      index: 0,
      data: 'a',
      range: { start: 0, end: 11 },
      chunks: [0, 1],
      at: 10,
    });
    expect(reported[2]?.[1]).toMatchObject({
      index: 1,
      data: 'b',
      range: { start: 11, end: 22 },
      chunks: [1, 1],
      at: 20,
    });
  });

  test('is not reported twice if it arrives whole, in small or large chunks', () => {
    for (const padding of [0, 500]) {
      let extended = 0;
      const reader = new BlockReader({ block: () => {}, blockExtended: () => extended++ });
      reader.push(bytesOf(`data: ${'x'.repeat(padding)}\r\n\r\ndata: b\r\n\r\n`), 0, 0);
      expect(extended).toBe(0);
    }
  });
});

describe('chunks', () => {
  test('without bytes count as chunks and have no block', () => {
    const empty = new Uint8Array(0);
    const blocks = readBlocks([
      empty,
      bytesOf('da'),
      empty,
      bytesOf('ta: a\n\n'),
      empty,
      empty,
      bytesOf('data: b\n\n'),
    ]);
    expect(blocks.map(({ chunks, at }) => [chunks, at])).toEqual([
      [[1, 3], 30],
      [[6, 6], 60],
    ]);
  });

  test('that end with a blank run contain it, although it is reported later', () => {
    const blocks = readBlocks(cutAt(bytesOf('data: a\n\n\n\ndata: b\n\n'), [9, 10, 11]));
    expect(blocks.map(({ kind, chunks, at }) => [kind, chunks, at])).toEqual([
      ['event', [0, 0], 0],
      ['blank', [1, 2], 20],
      ['event', [3, 3], 30],
    ]);
  });

  test('may be changed by their owner once they were taken', () => {
    const blocks: Block[] = [];
    const reader = new BlockReader({ block: (block) => blocks.push(block), blockExtended: () => {} });
    const shared = new Uint8Array(200);
    for (const piece of inPieces(bytesOf(`data: ${'é'.repeat(300)}\n\n`), 150)) {
      shared.set(piece);
      reader.push(shared.subarray(0, piece.length), 0, 0);
      shared.fill(0);
    }
    expect(blocks[0]?.data).toBe('é'.repeat(300));
  });
});

describe('a second body', () => {
  test('continues offsets, numbers and the last event ID, and may have its own BOM', () => {
    const blocks: Block[] = [];
    const reader = new BlockReader({ block: (block) => blocks.push(block), blockExtended: () => {} });
    reader.push(bytesOf('id: 1\ndata: a\n\ndata: lost\r'), 0, 0);
    reader.endBody();
    reader.push(rawBytes('\xef\xbb\xbfdata: b\n\n\n'), 1, 10);
    reader.endBody();
    expect(
      blocks.map(({ index, seq, kind, range, lastEventId }) => [
        index,
        seq,
        kind,
        range.start,
        range.end,
        lastEventId,
      ]),
    ).toEqual([
      [0, 0, 'event', 0, 15, '1'],
      [1, null, 'discarded', 15, 26, '1'],
      [2, 1, 'event', 26, 38, '1'],
      [3, null, 'blank', 38, 39, '1'],
    ]);
  });

  test('can begin with a blank line after a body that ended in CR', () => {
    const blocks: Block[] = [];
    const reader = new BlockReader({
      block: (block) => blocks.push(block),
      blockExtended: (block) => blocks.push(block),
    });
    reader.push(bytesOf('data: a\r\r'), 0, 0);
    reader.endBody();
    reader.push(bytesOf('\ndata: b\n\n'), 1, 0);
    expect(kinds(blocks)).toEqual([
      ['event', 0, 9],
      ['blank', 9, 10],
      ['event', 10, 19],
    ]);
  });
});

describe('ill-formed UTF-8', () => {
  test.each([
    ['a lone lead byte', 'data: \xc3(\n\n', '\ufffd('],
    ['a sequence that a line end cuts off', 'data: \xe2\x82\n\n', '\ufffd'],
    ['an overlong form', 'data: \xc0\xaf\n\n', '\ufffd\ufffd'],
    ['an encoded surrogate', 'data: \xed\xa0\x80\n\n', '\ufffd\ufffd\ufffd'],
    ['a sequence beyond the code space', 'data: \xf4\x90\x80\x80\n\n', '\ufffd\ufffd\ufffd\ufffd'],
  ])('%s becomes U+FFFD and is flagged, however it is cut', (_name, binary, data) => {
    const padding = `data: ${'x'.repeat(200)}\n\n`;
    for (const pieces of everyCut(rawBytes(binary))) {
      expect(readBlocks(pieces)[0]).toMatchObject({ kind: 'event', data, illFormed: true });
    }
    const amongOthers = readBlocks([rawBytes(padding + binary + padding)]);
    expect(amongOthers.map(({ illFormed }) => illFormed)).toEqual([false, true, false]);
    expect(amongOthers[1]?.data).toBe(data);
  });

  test('is not what a U+FFFD is that was sent', () => {
    const padding = `data: ${'x'.repeat(200)}\n\n`;
    for (const text of ['data: \ufffd\n\n', `${padding}data: \ufffd\n\n${padding}`]) {
      expect(readBlocks([bytesOf(text)]).some(({ illFormed }) => illFormed)).toBe(false);
    }
  });

  test.each(['foo\xff: a', ': \xff', 'id: \xff', 'event: \xff', 'retry: \xff'])(
    'is flagged in any line: %j',
    (line) => {
      expect(readBlocks([rawBytes(`${line}\ndata: a\n\n`)])[0]?.illFormed).toBe(true);
    },
  );
});

describe('limits', () => {
  const limits = { line: 20, block: 60 };

  test('cut a line at its limit without dividing a character, equally for every split, and reading continues', () => {
    const body = bytesOf(`data: 0123456789abc\u{1f600}xyz\ndata: short\n\ndata: next\n\n`);
    for (const pieces of everyCut(body)) {
      expect(readBlocks(pieces, limits)).toMatchObject([
        { data: '0123456789abc\nshort', cut: true, illFormed: false, range: { start: 0, end: 40 } },
        { data: 'next', cut: false },
      ]);
    }
  });

  test('leave lines out that end beyond the limit of their block, the same for every split', () => {
    const body = bytesOf(`${'data: 12345\n'.repeat(8)}id: 9\n\ndata: next\n\n`);
    const whole = withoutProvenance(readBlocks([body], limits));
    for (const pieces of everyCut(body)) {
      const blocks = readBlocks(pieces, limits);
      expect(withoutProvenance(blocks)).toEqual(whole);
      expect(blocks).toMatchObject([
        { data: '12345\n12345\n12345\n12345\n12345', cut: true, lastEventId: '9' },
        { data: 'next', cut: false },
      ]);
    }
  });

  test('keep memory bounded while a line never ends', () => {
    const reader = new BlockReader({ block: () => {}, blockExtended: () => {} });
    const piece = new Uint8Array(1 << 20).fill(0x61);
    reader.push(bytesOf('data: '), 0, 0);
    for (let i = 0; i < 20; i++) reader.push(piece, 0, 0);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i++) reader.push(piece, 0, 0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
    const blocks: Block[] = [];
    const other = new BlockReader({ block: (block) => blocks.push(block), blockExtended: () => {} });
    other.push(bytesOf('data: '), 0, 0);
    for (let i = 0; i < 17; i++) other.push(piece, 0, 0);
    other.push(bytesOf('\n\ndata: next\n\n'), 0, 0);
    expect(blocks.map(({ data, cut }) => [data.length, cut])).toEqual([
      [16 * 1024 * 1024 - 6, true],
      [4, false],
    ]);
  });
});
