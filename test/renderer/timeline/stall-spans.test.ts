import { describe, expect, it } from 'vitest';
import { endsStall, stallSpans } from '../../../src/renderer/timeline/stall-spans.ts';

const silences = {
  threshold: 1000,
  stalls: [{ at: 1970, ms: 1140 }],
  stallCount: 1,
  openSince: 5000,
};

describe('stallSpans', () => {
  it('draws the stalls that core found, with their exact length', () => {
    expect(stallSpans(silences, { from: 0, to: 8000 }, null)).toEqual([
      { from: 1970, to: 3110, length: 1140, open: false },
    ]);
  });

  it('draws a silence in progress as soon as it is a stall', () => {
    expect(stallSpans(silences, { from: 4000, to: 8000 }, 5999)).toEqual([]);
    expect(stallSpans(silences, { from: 4000, to: 8000 }, 6500)).toEqual([
      { from: 5000, to: 6500, length: 1500, open: true },
    ]);
  });

  it('draws only the visible part, with the length of the whole stall', () => {
    expect(stallSpans(silences, { from: 2500, to: 3000 }, null)).toEqual([
      { from: 2500, to: 3000, length: 1140, open: false },
    ]);
    expect(stallSpans(silences, { from: 0, to: 1970 }, null)).toEqual([]);
  });
});

describe('endsStall', () => {
  it('marks the first row of the arrival that ended a stall, and no other slow row', () => {
    expect(endsStall(silences, 3110, 1140)).toBe(true);
    // With a keep-alive in between, the gap of the row is short although the silence was long.
    expect(endsStall(silences, 3110, 140)).toBe(true);
    expect(endsStall(silences, 3110, 0)).toBe(false);
    expect(endsStall(silences, 4200, 1090)).toBe(false);
    expect(endsStall(silences, null, null)).toBe(false);
  });
});
