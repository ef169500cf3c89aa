import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, indexAfterUnits, isIllFormed, sequenceBoundary } from '../../../src/core/text/utf8.ts';

/** Bytes that are likely to form sequences, whole, cut and wrong. */
const likelyBytes = fc
  .array(
    fc.constantFrom(
      0x0a,
      0x41,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc2,
      0xc3,
      0xdf,
      0xe0,
      0xe2,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xff,
    ),
    { maxLength: 12 },
  )
  .map((bytes) => Uint8Array.from(bytes));

test('a position in the text of any bytes is found in the bytes', () => {
  fc.assert(
    fc.property(likelyBytes, fc.nat(12), (bytes, units) => {
      const text = decodeUtf8(bytes);
      const index = indexAfterUnits(bytes, 0, bytes.length, units);
      const before = decodeUtf8(bytes.subarray(0, index));
      expect(before).toBe(text.slice(0, before.length));
      const isInsidePair = /[\ud800-\udbff]/.test(text[units - 1] ?? '') && units < text.length;
      expect(before).toHaveLength(Math.min(isInsidePair ? units - 1 : units, text.length));
      expect(before + decodeUtf8(bytes.subarray(index))).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test('well-formed text is cut between its characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, place) => {
      const bytes = new TextEncoder().encode(text);
      const at = sequenceBoundary(bytes, 0, Math.min(place, bytes.length));
      expect(at).toBeGreaterThan(place - 4 - Math.max(0, place - bytes.length));
      const cut = decodeUtf8(bytes.subarray(0, at));
      expect(decodeUtf8(bytes).startsWith(cut)).toBe(true);
      expect(isIllFormed(cut, bytes, 0, at)).toBe(false);
    }),
  );
});
