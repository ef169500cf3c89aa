import { describe, expect, it } from 'vitest';
import { visibleInPlace } from '../../../src/core/text/visible-text.ts';

describe('visibleInPlace', () => {
  it('replaces each character that hides or reorders text by one sign', () => {
    const hidden = '\u0000\u001b[31m\u007f\u202e\u2066\u061c';
    expect(visibleInPlace(hidden)).toBe('␀␛[31m␡▯▯▯');
    expect(visibleInPlace(hidden)).toHaveLength(hidden.length);
  });

  it('leaves lines, tabs and every other character alone', () => {
    expect(visibleInPlace('a\n\tb é 世 🌍 שלום')).toBe('a\n\tb é 世 🌍 שלום');
  });
});
