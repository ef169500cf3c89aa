import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../src/contract/pattern.ts';

describe('a pattern for the filter', () => {
  it.each([
    ['{"delta":{', '{"delta":{"content":"x"}}'],
    ['{', '{}'],
    ['a}', 'a}'],
    [String.raw`\"id\":\s*\d+`, '"id": 12'],
    [String.raw`\[DONE\]`, '[DONE]'],
    [String.raw`\-\:\_`, '-:_'],
    ['con(tent|st)', 'CONST'],
    ['', 'anything'],
  ])('%s is what JavaScript takes it for', (text, matching) => {
    const pattern = compilePattern(text, false);
    expect(pattern.kind === 'pattern' && pattern.expression.test(matching)).toBe(true);
  });

  it('tells upper from lower case where it is to', () => {
    const pattern = compilePattern('const', true);
    expect(pattern.kind === 'pattern' && pattern.expression.test('CONST')).toBe(false);
  });

  it.each([
    ['([', 'Invalid regular expression: unterminated character class.'],
    ['(a', 'Invalid regular expression: unterminated group.'],
    ['a{2,1}', 'Invalid regular expression: numbers out of order in {} quantifier.'],
    ['/: x(', 'Invalid regular expression: unterminated group.'],
  ])('%s is refused with the reason', (text, reason) => {
    expect(compilePattern(text, false)).toEqual({ kind: 'invalid', reason });
  });
});
