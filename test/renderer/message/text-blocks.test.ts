import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textBlocks } from '../../../src/renderer/message/text-blocks.ts';

const highlights = fc.option(
  fc.tuple(fc.nat(12_000), fc.nat(6000)).map(([from, length]) => ({ from, to: from + length })),
);
const text = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(600))
  .map(([unit, times]) => unit.repeat(times));

describe('textBlocks', () => {
  it('covers the text without overlap and highlights exactly the given span', () => {
    fc.assert(
      fc.property(text, highlights, (whole, highlight) => {
        const blocks = textBlocks(whole, highlight);
        expect(blocks.map((block) => block.text).join('')).toBe(whole);
        for (const block of blocks) expect(whole.startsWith(block.text, block.from)).toBe(true);
        const shown = blocks
          .filter((block) => block.highlighted)
          .map((block) => block.text)
          .join('');
        expect(shown).toBe(highlight === null ? '' : whole.slice(highlight.from, highlight.to));
      }),
    );
  });

  it('keeps its boundaries while the text grows, so that only the last block is drawn again', () => {
    const long = 'word '.repeat(4000);
    for (const length of [5000, 9000, 15_000]) {
      const before = textBlocks(long.slice(0, length), null);
      const after = textBlocks(long, null);
      expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    }
  });

  it('never cuts a surrogate pair', () => {
    const smiles = `x${'😀'.repeat(5000)}`;
    for (const { text } of textBlocks(smiles, null)) {
      expect(text).not.toMatch(/\p{Surrogate}/u);
    }
  });

  it('is empty for an empty text', () => {
    expect(textBlocks('', null)).toEqual([]);
    expect(textBlocks('', { from: 0, to: 3 })).toEqual([]);
  });
});
