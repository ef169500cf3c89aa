import fc from 'fast-check';
import { expect, test } from 'vitest';
import { payloadOf } from '../../../src/core/json/payload.ts';

test.each([
  ['{"a":1}', 'complete'],
  [' \n[1]\t', 'complete'],
  ['"text"', 'complete'],
  ['-1.5e3', 'complete'],
  ['null', 'complete'],
  ['{"a":', 'partial'],
  ['[', 'partial'],
  ['{"a":"\\', 'partial'],
  ['{"a"}', 'malformed'],
  ['[DONE', 'malformed'],
  ['[DONE]', 'sentinel'],
  [' [DONE]\n', 'sentinel'],
  ['[DONE] ok', 'malformed'],
  ['', 'empty'],
  [' \r\n\t', 'empty'],
  ['hello', 'text'],
  ['"half', 'text'],
  ['"a" "b"', 'text'],
  ['01', 'text'],
  ['1 2', 'text'],
  ['nulls', 'text'],
  ['\ufeff{}', 'text'],
  ['\u00a0{}', 'text'],
])('%j is %s', (data, state) => {
  expect(payloadOf(data).state).toBe(state);
});

test('errors are reported with their position in the data', () => {
  expect(payloadOf(' {"a":tru}')).toEqual({
    state: 'malformed',
    problem: { at: 9, message: 'expected the rest of "true"' },
  });
  expect(payloadOf('{"a":[1')).toEqual({
    state: 'partial',
    problem: { at: 7, message: 'expected "," or "]" after the number' },
  });
  expect(payloadOf('{} {}')).toEqual({
    state: 'malformed',
    problem: { at: 3, message: 'expected the end: another JSON text begins' },
  });
  expect(payloadOf('{},')).toEqual({ state: 'malformed', problem: { at: 2, message: 'expected the end' } });
});

test('complete is what JSON.parse accepts, for any text', () => {
  const likely = fc.array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '1',
      '-',
      '.',
      'e',
      'null',
      ' ',
      '\n',
      '\\',
      'x',
    ),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        likely.map((parts) => parts.join('')),
        fc.json(),
        fc.string(),
      ),
      (text) => {
        let accepted = true;
        try {
          JSON.parse(text);
        } catch {
          accepted = false;
        }
        expect(payloadOf(text).state === 'complete').toBe(accepted);
      },
    ),
    { numRuns: 5000 },
  );
});
