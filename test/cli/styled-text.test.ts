import { describe, expect, test } from 'vitest';
import {
  cut,
  displayWidth,
  type Line,
  padded,
  plainText,
  rendered,
  styled,
  wantsColors,
  wrap,
} from '../../src/cli/styled-text.ts';

const plain = (lines: readonly Line[]): string[] => lines.map(plainText);

describe('the display width', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['世界', 4],
    ['e\u0301', 1],
    ['👍', 2],
    ['“→…', 3],
  ])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('wrapping', () => {
  test('breaks at spaces and indents the following lines', () => {
    expect(plain(wrap('  one two three four', 10, 4))).toEqual(['  one two', '    three', '    four']);
  });

  test('splits a word that is longer than a line', () => {
    expect(plain(wrap('x abcdefghij', 6, 2))).toEqual(['x', '  abcd', '  efgh', '  ij']);
    expect(plain(wrap('世界世界', 5, 0))).toEqual(['世界', '世界']);
  });

  test('keeps the style of each piece', () => {
    const lines = wrap([styled('red', 'one two'), ' three'], 8, 0);
    expect(lines.map((line) => rendered(line, true))).toEqual(['\u001b[31mone two\u001b[0m', 'three']);
  });

  test('gives one empty line for an empty text', () => {
    expect(plain(wrap('', 10, 0))).toEqual(['']);
  });

  test('never exceeds the width, whatever the text', () => {
    const seed = 7;
    let state = seed;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    for (let n = 0; n < 2000; n++) {
      const text = Array.from({ length: random(40) }, () => 'ab 世e\u0301 '[random(7)]).join('');
      const width = 4 + random(20);
      const lines = wrap([text.slice(0, 5), styled('dim', text.slice(5))], width, random(3));
      for (const line of lines)
        expect(displayWidth(plainText(line).trimEnd()), `${text} (seed ${seed})`).toBeLessThanOrEqual(width);
      expect(plain(lines).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });
});

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 5, 'abcd…'],
  ['世界世界', 6, '世界…'],
  [['ab', styled('dim', 'cdef')], 4, 'abc…'],
  [['ab', styled('dim', 'cdef'), 'gh'], 3, 'ab…'],
] as const)('%j cut to %i columns is %j', (line, width, expected) => {
  expect(plainText(cut(line, width))).toBe(expected);
});

test('padding counts columns, not characters', () => {
  expect(plainText(padded('世', 4, false))).toBe('世  ');
  expect(plainText(padded('12', 4, true))).toBe('  12');
});

test('a terminal gets the escape sequences of styles, and none of the text', () => {
  const line = [styled('red', 'a\u001b[2J'), '\u009b'];
  expect(rendered(line, true)).toBe('\u001b[31ma‹001b›[2J\u001b[0m‹009b›');
  expect(rendered(line, false)).toBe('a‹001b›[2J‹009b›');
});

test.each([
  ['auto', {}, true],
  ['auto', { NO_COLOR: '1' }, false],
  ['auto', { NO_COLOR: '' }, true],
  ['auto', { TERM: 'dumb' }, false],
  ['auto', { TERM: 'dumb', FORCE_COLOR: '1' }, true],
  ['auto', { FORCE_COLOR: '0' }, false],
  ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true],
  ['always', { NO_COLOR: '1' }, true],
  ['never', { FORCE_COLOR: '1' }, false],
] as const)('colors are %s with %j: %s', (mode, environment, expected) => {
  expect(wantsColors(mode, environment)).toBe(expected);
});
