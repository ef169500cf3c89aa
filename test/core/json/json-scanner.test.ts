import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonScanner } from '../../../src/core/json/json-scanner.ts';

type Verdict = 'complete' | 'partial' | 'malformed';

/** Reads a text in pieces; where something follows the end, it is malformed. */
function read(pieces: readonly string[]): { verdict: Verdict; at: number; expected: string } {
  const scanner = new JsonScanner();
  let before = 0;
  for (const piece of pieces) {
    const at = scanner.feed(piece, 0);
    if (scanner.failed) return { verdict: 'malformed', at: before + at, expected: scanner.expected };
    if (scanner.done && piece.slice(at).trim() !== '') {
      const rest = piece.slice(at).trimStart();
      return { verdict: 'malformed', at: before + piece.length - rest.length, expected: scanner.expected };
    }
    before += piece.length;
  }
  return { verdict: scanner.done ? 'complete' : 'partial', at: before, expected: scanner.expected };
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Objects and arrays as text, with white space of all kinds between their tokens. */
const jsonText = fc
  .tuple(
    fc.oneof(
      fc.array(fc.jsonValue({ maxDepth: 2 })),
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 })),
    ),
    fc.constantFrom(undefined, 1, '\t', ' \r\n\t'.slice(0, 3)),
  )
  .map(([value, space]) => JSON.stringify(value, null, space));

const replacements = [...'{}[]:,"\\-+.0123456789eEtrufalsn \n\u0001\u00e9'];

describe('the JSON scanner', () => {
  test('accepts every JSON text, and calls every beginning of it partial', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(read([text]).verdict).toBe('complete');
        for (let end = 0; end < text.length; end += Math.ceil(text.length / 50)) {
          expect(read([text.slice(0, end)]).verdict).toBe('partial');
        }
      }),
    );
  });

  test('agrees with JSON.parse on texts with one character changed, added or left out', () => {
    fc.assert(
      fc.property(
        jsonText,
        fc.nat(),
        fc.constantFrom(...replacements, ''),
        fc.boolean(),
        (text, place, replacement, insert) => {
          const at = 1 + (place % text.length);
          const mutated = text.slice(0, at) + replacement + text.slice(insert ? at : at + 1);
          const { verdict } = read([mutated.trimEnd()]);
          expect(verdict === 'complete').toBe(parses(mutated));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('calls a text malformed exactly where no end could make it JSON', () => {
    fc.assert(
      fc.property(jsonText, fc.nat(), fc.constantFrom(...replacements), (text, place, replacement) => {
        const at = 1 + (place % text.length);
        const mutated = text.slice(0, at) + replacement + text.slice(at + 1);
        const found = read([mutated]);
        if (found.verdict !== 'malformed') return;
        expect(read([mutated.slice(0, found.at)]).verdict).not.toBe('malformed');
        expect(read([mutated.slice(0, found.at + 1)]).verdict).toBe('malformed');
        expect(found.at).toBeGreaterThanOrEqual(at);
      }),
      { numRuns: 1000 },
    );
  });

  test('reads the same in pieces', () => {
    fc.assert(
      fc.property(jsonText, fc.nat(), fc.constantFrom(...replacements), (text, place, replacement) => {
        const at = place % text.length;
        const mutated = text.slice(0, at) + replacement + text.slice(at + 1);
        expect(read([...mutated])).toEqual(read([mutated]));
      }),
    );
  });

  test.each([
    '{}',
    '[]',
    '[-0,0.5,1e5,1E+5,-1.25e-10,12345678901234567890123]',
    '["\\u0000\\ud800\\"\\\\\\/\\b\\f\\n\\r\\t\u2028\u007f"]',
    '{"__proto__":1,"__proto__":{"a":[]},"":null}',
    '[true,false,null]',
  ])('accepts %s', (text) => {
    expect(read([text]).verdict).toBe('complete');
    expect(parses(text)).toBe(true);
  });

  test.each([
    ['[1,]', 3, 'a value'],
    ['{"a":1,}', 7, 'a member name in quotes'],
    ['[01]', 2, '"," or "]"'],
    ['[+1]', 1, 'a value or "]"'],
    ['[.5]', 1, 'a value or "]"'],
    ['[1.]', 3, 'a digit after the decimal point'],
    ['[1e]', 3, 'a digit in the exponent'],
    ['[-]', 2, 'a digit after the minus sign'],
    ['[nul]', 4, 'the rest of "null"'],
    ['[True]', 1, 'a value or "]"'],
    ["['a']", 1, 'a value or "]"'],
    ['["\t"]', 2, 'an escape in place of the control character'],
    ['["\\x"]', 3, 'one of " \\ / b f n r t u after the backslash'],
    ['["\\u12g4"]', 6, 'four hexadecimal digits after \\u'],
    ['{"a" 1}', 5, '":"'],
    ['{a:1}', 1, 'a member name in quotes or "}"'],
    ['{"a":1]', 6, '"," or "}"'],
    ['[1 2]', 3, '"," or "]"'],
    ['[\u00a01]', 1, 'a value or "]"'],
    ['\ufeff[]', 0, 'an object or an array'],
  ])('refuses %j at %i, where it expects %s', (text, at, expected) => {
    expect(read([text])).toEqual({ verdict: 'malformed', at, expected });
    expect(parses(text)).toBe(false);
  });

  test('reads a hundred thousand levels and distinguishes their kinds', () => {
    const levels = 100_000;
    const text = '[{"a":'.repeat(levels / 2) + '1' + '}]'.repeat(levels / 2);
    expect(read([text]).verdict).toBe('complete');
    expect(read([text.slice(0, -1)])).toMatchObject({ verdict: 'partial', expected: '"," or "]"' });
    expect(read([`${text.slice(0, -1)}}`]).verdict).toBe('malformed');
  });

  test('begins anew after a text that failed', () => {
    const scanner = new JsonScanner();
    scanner.feed('[}', 0);
    expect(scanner.failed).toBe(true);
    scanner.reset();
    expect(scanner.feed('x[1] y', 1)).toBe(4);
    expect([scanner.failed, scanner.done]).toEqual([false, true]);
  });
});
