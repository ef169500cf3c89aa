import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TextSource } from '../../../src/contract/item.ts';
import { TextMap } from '../../../src/renderer/detail/text-map.ts';

const utf8 = new TextEncoder();
const length = (text: string) => utf8.encode(text).length;

/** Sources of a text whose lines are in the body with `before` bytes ("data: ") in front of each. */
function sourcesOf(text: string, before: number): TextSource[] {
  const sources: TextSource[] = [];
  let from = 0;
  let start = 0;
  for (const line of text.split('\n')) {
    start += before;
    const end = start + length(line);
    if (line !== '') sources.push({ from, to: from + line.length, range: { start, end } });
    from += line.length + 1;
    start = end + 1;
  }
  return sources;
}

it('maps characters to their bytes and back', () => {
  const map = new TextMap('"café 😀!"', [{ from: 0, to: 10, range: { start: 106, end: 119 } }]);
  expect(map.bytesOf(4, 5)).toEqual([{ start: 110, end: 112 }]);
  expect(map.bytesOf(6, 8)).toEqual([{ start: 113, end: 117 }]);
  expect([110, 111, 113, 116, 117].map((at) => map.positionOf(at))).toEqual([4, 4, 6, 6, 8]);
});

it('maps a value to one range per line', () => {
  const map = new TextMap('{"a":\n"é"}', sourcesOf('{"a":\n"é"}', 6));
  expect(map.bytesOf(1, 9)).toEqual([
    { start: 7, end: 11 },
    { start: 18, end: 22 },
  ]);
  expect(map.positionOf(13)).toBeNull();
});

it('maps to the whole piece if the body was not well-formed', () => {
  const map = new TextMap('a\ufffdb', [{ from: 0, to: 3, range: { start: 6, end: 9 } }]);
  expect(map.bytesOf(2, 3)).toEqual([{ start: 6, end: 9 }]);
  expect(map.positionOf(8)).toBe(0);
});

it('ends where the text was cut', () => {
  const map = new TextMap('abc', [
    { from: 0, to: 900, range: { start: 6, end: 906 } },
    { from: 900, to: 950, range: { start: 912, end: 962 } },
  ]);
  expect(map.bytesOf(1, 3)).toEqual([{ start: 7, end: 9 }]);
  expect(map.positionOf(500)).toBeNull();
  expect(map.positionOf(920)).toBeNull();
});

it('agrees with the encoder at every character of any text, including long ones', () => {
  const texts = fc
    .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\n'), fc.constant('é😀'.repeat(3000))))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, fc.nat(), (text, seed) => {
      const map = new TextMap(text, sourcesOf(text, 6));
      const characters = Array.from(text);
      const picked = seed % Math.max(1, characters.length);
      const from = characters.slice(0, picked).join('').length;
      const character = characters[picked];
      if (character === undefined || character === '\n') return;
      const lineStart = text.lastIndexOf('\n', from - 1) + 1;
      const before = text.slice(0, lineStart);
      const start = length(before) + 6 * before.split('\n').length + length(text.slice(lineStart, from));
      const end = start + length(character);
      expect(map.bytesOf(from, from + character.length)).toEqual([{ start, end }]);
      for (let at = start; at < end; at++) expect(map.positionOf(at)).toBe(from);
    }),
  );
});
