import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GrowingJson } from '../../../src/core/json/growing-json.ts';
import type { GrowingNode } from '../../../src/core/json/growing-node.ts';

function grown(pieces: readonly string[]): GrowingJson {
  const json = new GrowingJson();
  for (const piece of pieces) json.push(piece);
  return json;
}

/** The tree as plain values. Recursive, so for shallow trees only. */
function plain(node: GrowingNode | null): unknown {
  if (node === null) return undefined;
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, plain(value)]));
    case 'array':
      return node.items.map(plain);
    case 'string':
      return node.value;
    default:
      return node.open ? node.text : JSON.parse(node.text);
  }
}

/** What is still open, outermost first. */
function open(node: GrowingNode | null): string[] {
  if (node === null || !node.open) return [];
  const last =
    node.kind === 'object'
      ? (node.members.at(-1)?.value ?? null)
      : node.kind === 'array'
        ? (node.items.at(-1) ?? null)
        : null;
  return [node.kind, ...open(last)];
}

describe('GrowingJson', () => {
  test('agrees with JSON.parse on every JSON text, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.boolean(),
        (value, cuts, pretty) => {
          const text = JSON.stringify(value, null, pretty ? 2 : 0);
          const places = [
            0,
            ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b),
            text.length,
          ];
          const json = grown(places.slice(1).map((to, n) => text.slice(places[n], to)));
          json.end();
          expect(json.problem).toBeNull();
          expect(json.complete).toBe(true);
          expect(plain(json.root)).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('refuses what JSON.parse refuses, and nothing else', () => {
    const character = fc.constantFrom(...'{}[]",:\\ue0123456789.-+Etrufalsn \n\u0001é'.split(''));
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 12 }), (text) => {
        const json = grown(text.split(''));
        json.end();
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect([text, json.problem === null]).toEqual([text, valid]);
      }),
      { numRuns: 20_000 },
    );
  });

  test('shows what has arrived, and what is open, after every character', () => {
    const json = new GrowingJson();
    const seen: unknown[] = [];
    for (const char of '{"a":[1,"b\\u00e9"],"c":tr') {
      json.push(char);
      seen.push(plain(json.root));
    }
    expect(seen[6]).toEqual({ a: ['1'] });
    expect(seen[11]).toEqual({ a: [1, 'b'] });
    expect(seen[16]).toEqual({ a: [1, 'bé'] });
    expect(seen.at(-1)).toEqual({ a: [1, 'bé'], c: 'tr' });
    expect(open(json.root)).toEqual(['object', 'literal']);
    expect(json.complete).toBe(false);
  });

  test('keeps every digit of a number', () => {
    const { root } = grown(['[12345678901234', '567890, 1.10e5]']);
    expect(root?.kind === 'array' && root.items.map((item) => item.kind === 'number' && item.text)).toEqual([
      '12345678901234567890',
      '1.10e5',
    ]);
  });

  test('keeps duplicate keys, and __proto__ as a key like any other', () => {
    const { root } = grown(['{"__proto__":{"x":1},"a":1,"a":2}']);
    expect(root?.kind === 'object' && root.members.map(({ key }) => key)).toEqual(['__proto__', 'a', 'a']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test.each([
    ['{"a":1,}', 7, 'expected a member name in quotes, got "}"'],
    ['[1 2]', 3, 'expected "," or "]", got "2"'],
    ['{"a" 1}', 5, 'expected ":", got "1"'],
    ['"a\nb"', 2, 'expected an escape in place of the control character, got "\\n"'],
    ['"\\x"', 2, 'expected one of " \\ / b f n r t u after the backslash, got "x"'],
    ['"\\u12g4"', 5, 'expected four hexadecimal digits after \\u, got "g"'],
    ['[trux]', 4, 'expected the rest of "true", got "x"'],
    ['01', 1, 'expected the end of the text, got "1"'],
    ['[1.2.3]', 4, 'expected "," or "]", got "."'],
    ['[-e]', 2, 'expected a digit after the minus sign, got "e"'],
    ['{} {}', 3, 'expected the end of the text, got "{"'],
    ['[1}', 2, 'expected "," or "]", got "}"'],
  ])('tells where %s is wrong', (text, at, message) => {
    for (const pieces of [[text], text.split('')]) {
      const { problem } = grown(pieces);
      expect(problem).toEqual({ at, message });
    }
  });

  test.each([
    ['', 'the text ends, expected a value'],
    ['{"a":', 'expected a value'],
    ['"abc', 'expected the end of the string'],
    ['-', 'expected a digit after the minus sign'],
    ['[1,', 'expected a value'],
  ])('calls %s unfinished only when it ends', (text, message) => {
    const json = grown([text]);
    expect(json.problem).toBeNull();
    json.end();
    expect(json.problem?.message).toContain(message);
  });

  test('parses 100,000 levels of nesting', () => {
    const json = grown(['['.repeat(100_000), ']'.repeat(99_999)]);
    expect(json.depth).toBe(1);
    json.push(']');
    expect(json.complete).toBe(true);
  });

  test('does not keep an endless number', () => {
    const json = new GrowingJson();
    for (let n = 0; n < 2000; n++) json.push('1234567890');
    expect(json.problem?.message).toContain('a number has at most');
  });
});
