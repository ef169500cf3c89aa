import { expect, test } from 'vitest';
import { didYouMean } from '../../../src/core/text/did-you-mean.ts';

test.each([
  ['first_event', ['first-byte', 'first-event'], ' (did you mean "first-event"?)'],
  ['INSPECT', ['export', 'inspect'], ' (did you mean "inspect"?)'],
  ['hra', ['sse', 'har'], ''],
  ['ha', ['sse', 'har'], ''],
  ['haar', ['sse', 'har'], ' (did you mean "har"?)'],
  ['frobnicate', ['capture', 'check'], ''],
  ['x'.repeat(100), ['x'.repeat(99)], ''],
  ['', ['a'], ''],
])('%j among %j suggests %j', (given, known, expected) => {
  expect(didYouMean(given, known)).toBe(expected);
});
