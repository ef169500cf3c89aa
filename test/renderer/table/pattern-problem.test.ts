import { describe, expect, it } from 'vitest';
import { patternProblem } from '../../../src/renderer/table/pattern-problem.ts';

describe('a pattern for the filter', () => {
  it('may be any regular expression', () => {
    expect(patternProblem('con(tent|st)\\s+\\p{Lu}')).toBeNull();
    expect(patternProblem('')).toBeNull();
  });

  it('that is none is told apart with a reason', () => {
    expect(patternProblem('(a')).toMatch(/^This is no regular expression: unterminated group/i);
    expect(patternProblem('a{2,1}')).toContain('no regular expression');
  });
});
