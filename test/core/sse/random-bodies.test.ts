import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/core/sse/block.ts';
import { arbitraryBody, arbitraryCuts, arbitraryWellFormedBody } from './arbitrary-body.ts';
import {
  bytesOf,
  cutAt,
  dispatched,
  everyCut,
  inPieces,
  readBlocks,
  withoutProvenance,
} from './body-pieces.ts';

describe('random event streams', () => {
  test('give the same blocks however they are cut', () => {
    fc.assert(
      fc.property(arbitraryBody, arbitraryCuts, (body, cuts) => {
        const whole = withoutProvenance(readBlocks([body]));
        expect(withoutProvenance(readBlocks(inPieces(body, 1)))).toEqual(whole);
        expect(withoutProvenance(readBlocks(cutAtModulo(body, cuts)))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  test('give the same blocks in chunks long enough to be searched as text', () => {
    fc.assert(
      fc.property(fc.array(arbitraryBody, { minLength: 10, maxLength: 30 }), arbitraryCuts, (parts, cuts) => {
        const body = Uint8Array.from(parts.flatMap((part) => [...part]));
        const byteByByte = withoutProvenance(readBlocks(inPieces(body, 1)));
        expect(withoutProvenance(readBlocks([body]))).toEqual(byteByByte);
        expect(withoutProvenance(readBlocks(cutAtModulo(body, cuts)))).toEqual(byteByByte);
      }),
      { numRuns: 200 },
    );
  });

  test('give the same blocks where large chunks cut characters in two', () => {
    const wide = fc.constantFrom('漢字かな', '😀', 'é', '\ufffd', '\n', '\n\n', '\r\n', 'data: ');
    const text = fc.array(wide, { minLength: 300, maxLength: 600 }).map((parts) => `data: ${parts.join('')}`);
    const stray = fc.constantFrom([], [0x80], [0xbf, 0xbf, 0xbf, 0xbf], [0xe6, 0xbc]);
    fc.assert(
      fc.property(text, stray, fc.integer({ min: 129, max: 700 }), (content, bytes, size) => {
        const body = Uint8Array.from([...bytesOf('data: a\n\n'), ...bytes, ...bytesOf(content), ...bytes]);
        const byteByByte = withoutProvenance(readBlocks(inPieces(body, 1)));
        expect(withoutProvenance(readBlocks(inPieces(body, size)))).toEqual(byteByByte);
        expect(withoutProvenance(readBlocks(cutAt(body, [9, 9 + size])))).toEqual(byteByByte);
        expect(dispatched(readBlocks(inPieces(body, size)))).toEqual(secondOpinion([body]));
      }),
      { numRuns: 200 },
    );
  });

  test('give the same blocks where lines and blocks are longer than their limits', () => {
    const part = fc.constantFrom('data: ', 'word ', 'é', '漢', '😀', '\n', '\n\n', '\r\n', ': note', 'id: ');
    const text = fc.array(part, { minLength: 100, maxLength: 400 }).map((parts) => parts.join(''));
    const limits = fc.record({
      line: fc.integer({ min: 8, max: 400 }),
      block: fc.integer({ min: 20, max: 900 }),
    });
    fc.assert(
      fc.property(text, limits, fc.integer({ min: 2, max: 700 }), (content, limit, size) => {
        const byteByByte = withoutProvenance(readBlocks(inPieces(bytesOf(content), 1), limit));
        expect(withoutProvenance(readBlocks(inPieces(bytesOf(content), size), limit))).toEqual(byteByByte);
        expect(withoutProvenance(readBlocks([bytesOf(content)], limit))).toEqual(byteByByte);
      }),
      { numRuns: 300 },
    );
  });

  test('are tiled by their blocks, and each block names the chunks of its first and last byte', () => {
    fc.assert(
      fc.property(arbitraryBody, arbitraryCuts, (body, cuts) => {
        const pieces = cutAtModulo(body, cuts);
        const chunkAt = pieces.flatMap((piece, i) => Array<number>(piece.length).fill(i));
        let end = 0;
        for (const block of readBlocks(pieces)) {
          expect(block.range.start).toBe(end);
          end = block.range.end;
          expect(block.chunks).toEqual([chunkAt[block.range.start], chunkAt[end - 1]]);
          expect(block.at).toBe(dispatchingChunk(block, body, chunkAt) * 10);
        }
        expect(end).toBe(body.length);
      }),
      { numRuns: 500 },
    );
  });

  // eventsource-parser is a second opinion as far as it follows the standard. It does not where:
  // - it is fed by a `TextDecoder` with its defaults: that strips a BOM, and the parser strips the next one too; here the decoder
  //   is configured to keep BOMs.
  // - a stream begins with the characters U+00EF U+00BB U+00BF: it takes them for a BOM that was not decoded (not generated).
  // - an ID is to persist: it reports the IDs that take effect and leaves the rest to its user, as here.
  // - bytes and discarded blocks are concerned: it knows neither.
  test('dispatch what eventsource-parser dispatches', () => {
    fc.assert(
      fc.property(arbitraryBody, arbitraryCuts, (body, cuts) => {
        const pieces = cutAtModulo(body, cuts);
        expect(dispatched(readBlocks(pieces))).toEqual(secondOpinion(pieces));
      }),
      { numRuns: 1000 },
    );
  });

  test('have the same text as a body decoded at once', () => {
    fc.assert(
      fc.property(arbitraryWellFormedBody, (body) => {
        expect(readBlocks(inPieces(body, 1)).some(({ illFormed }) => illFormed)).toBe(false);
        const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body).split(/\r\n|\r|\n/);
        for (const { data } of readBlocks([body])) {
          for (const line of data.split('\n')) expect(lines.some((one) => one.endsWith(line))).toBe(true);
        }
      }),
    );
  });
});

test.each([
  ['line feeds', 'id: 1\ndata: a\n\n: note\n\ndata: b\ndata: c\n\n'],
  ['carriage returns', 'id: 1\rdata: a\r\r: note\r\rdata: b\rdata: c\r\r'],
  ['pairs', 'id: 1\r\ndata: a\r\n\r\n: note\r\n\r\ndata: b\r\ndata: c\r\n\r\n'],
  ['all of them mixed', 'id: 1\r\ndata: a\n\r: note\r\n\ndata: b\rdata: c\r\n\r\r\n\n'],
])('a stream with %s as line endings gives the same events at every cut', (_name, text) => {
  const whole = withoutProvenance(readBlocks([bytesOf(text)]));
  expect(dispatched(readBlocks([bytesOf(text)]))).toEqual([
    { type: 'message', data: 'a', lastEventId: '1' },
    { type: 'message', data: 'b\nc', lastEventId: '1' },
  ]);
  for (const pieces of everyCut(bytesOf(text))) expect(withoutProvenance(readBlocks(pieces))).toEqual(whole);
});

function cutAtModulo(body: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  return cutAt(
    body,
    cuts.map((cut) => cut % (body.length + 1)),
  );
}

/** The chunk whose arrival ended the block: the last one, or that of the CR where its LF came later. */
function dispatchingChunk({ kind, range }: Block, body: Uint8Array, chunkAt: readonly number[]): number {
  const last = range.end - 1;
  const isCutPair = body[last] === 0x0a && body[last - 1] === 0x0d && last > range.start;
  const told = kind !== 'blank' && kind !== 'discarded' && isCutPair ? last - 1 : last;
  return chunkAt[told] ?? -1;
}

function secondOpinion(pieces: readonly Uint8Array[]): { type: string; data: string; lastEventId: string }[] {
  const events: { type: string; data: string; lastEventId: string }[] = [];
  let lastEventId = '';
  const parser = createParser({
    onId: (id) => {
      lastEventId = id ?? '';
    },
    onEvent: ({ event, data }) => events.push({ type: event ?? 'message', data, lastEventId }),
  });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (const piece of pieces) parser.feed(decoder.decode(piece, { stream: true }));
  parser.feed(decoder.decode());
  return events;
}
