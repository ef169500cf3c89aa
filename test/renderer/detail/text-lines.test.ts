import { expect, it } from 'vitest';
import { breakLines, lineOf, lineSpan } from '../../../src/renderer/detail/text-lines.ts';
import { quotedText, visibleText } from '../../../src/core/text/visible-text.ts';

function linesOf(text: string, columns: number): string[] {
  const lines = breakLines(text, columns);
  return Array.from({ length: lines.count }, (_, index) =>
    text.slice(...lineSpan(lines, index, text.length)),
  );
}

it('breaks at line feeds and when a line is full', () => {
  expect(linesOf('one\n0123456789\n', 8)).toEqual(['one\n', '01234567', '89\n', '']);
});

it('never breaks a surrogate pair, and gives wide characters two cells', () => {
  expect(linesOf('漢字漢字漢', 8)).toEqual(['漢字漢字', '漢']);
  expect(linesOf('1234567😀', 8)).toEqual(['1234567', '😀']);
});

it('keeps every character of a long text and finds the line of each', () => {
  const text = 'The quick answer\n'.repeat(2000);
  expect(linesOf(text, 10).join('')).toBe(text);
  const lines = breakLines(text, 10);
  for (const position of [0, 9, 10, 17, 20_000]) {
    const [from, to] = lineSpan(lines, lineOf(lines, position), text.length);
    expect(position >= from && position < to).toBe(true);
  }
});

it('makes everything visible that could hide or reorder text', () => {
  expect(visibleText('a\r\n\tb\u202ec\0\u001b[31m')).toBe('a←↵→b‹202e›c∅‹001b›[31m');
  expect(visibleText('plain é 😀')).toBe('plain é 😀');
});

it('quotes a string so that it can be pasted as JSON', () => {
  const text = 'a"\n\u202e\u{e0041}';
  expect(quotedText(text)).toBe('"a\\"\\n\\u202e\\udb40\\udc41"');
  expect(JSON.parse(quotedText(text))).toBe(text);
});
