import { describe, expect, it } from 'vitest';
import { visibleInPlace } from '../../../src/core/text/visible-text.ts';

describe('visibleInPlace', () => {
  it('makes what hides or turns text visible, each character by one', () => {
    const hidden = '\u0000\u001b[31m\u007f\u202e\u2066\u061c';
    expect(visibleInPlace(hidden)).toBe('␀␛[31m␡▯▯▯');
    expect(visibleInPlace(hidden)).toHaveLength(hidden.length);
  });

  it('leaves lines, tabs and every other character alone', () => {
    expect(visibleInPlace('a\n\tb é 世 🌍 שלום')).toBe('a\n\tb é 世 🌍 שלום');
  });
});
