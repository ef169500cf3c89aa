import { expect, it } from 'vitest';
import { byteGlyph, byteText } from '../../../src/renderer/detail/byte-glyph.ts';

const shown = (bytes: readonly number[]) =>
  bytes.map((_, position) => byteGlyph((at) => bytes[at], position).text).join('');
const of = (text: string) => [...new TextEncoder().encode(text)];

it('shows a character at its first byte and dots for its other bytes, but none below the second half of a wide one', () => {
  expect(shown(of('aé€😀z'))).toBe('aé·€··😀 ··z');
});

it('shows control characters as signs', () => {
  expect(shown([0x0d, 0x0a, 0x09, 0x00, 0x1b, 0x7f, 0x20])).toBe('←↵→∅¤¤ ');
});

it('never shows a direction override, a byte order mark or a combining mark', () => {
  expect(shown(of('\u202e\ufeff\u0301'))).toBe('¤··¤··¤·');
});

it('marks every byte that is not well-formed UTF-8', () => {
  expect(shown([0x61, 0xff, 0xc3, 0x28, 0xa9, 0xed, 0xa0, 0x80, 0xc0, 0xaf, 0xf0, 0x9f])).toBe(
    'a××(××××××××',
  );
});

it('describes a byte in words', () => {
  const words = [0x0a, 0x63, 0x1b].map((byte) =>
    byteText(
      byte,
      byteGlyph(() => byte, 0),
    ),
  );
  expect(words).toEqual(['0a line feed', '63 "c"', '1b escape']);
});
