import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barHeights, perSecond } from '../../../src/renderer/message/metrics-bars.ts';

describe('perSecond', () => {
  it('counts the previous second', () => {
    const bins = Array.from({ length: 100 }, () => 2);
    const rates = perSecond(bins, 50);
    expect(rates.at(-1)).toBeCloseTo(40);
    // At the beginning over as much of it as there is.
    expect(rates[0]).toBeCloseTo(40);
  });

  it('falls to zero a second after the last count', () => {
    const rates = perSecond([10, ...Array.from({ length: 20 }, () => 0)], 100);
    expect(rates[9]).toBeCloseTo(10);
    expect(rates[10]).toBe(0);
  });

  it('counts single bins if a bin is longer than a second', () => {
    expect(perSecond([10, 0, 4], 2000)).toEqual([5, 0, 2]);
  });

  it('agrees with adding up each window separately', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { maxLength: 60 }),
        fc.constantFrom(20, 100, 320, 640, 1280),
        (counts, ms) => {
          const bins = Math.max(1, Math.round(1000 / ms));
          const slow = counts.map((_, n) => {
            const window = counts.slice(Math.max(0, n - bins + 1), n + 1);
            return (window.reduce((a, b) => a + b, 0) * 1000) / (window.length * ms);
          });
          expect(perSecond(counts, ms)).toEqual(slow);
        },
      ),
    );
  });
});

describe('barHeights', () => {
  it('is in proportion to the greatest value, and at least a pixel for any value', () => {
    expect(barHeights([0, 1, 50, 100], 240, 36)).toEqual([0, 1, 18, 36]);
  });

  it('combines values by their greatest if they are too many for the width', () => {
    const values = Array.from({ length: 512 }, (_, n) => (n === 100 ? 9 : 1));
    const bars = barHeights(values, 240, 36);
    expect(bars.length).toBeLessThanOrEqual(80);
    expect(Math.max(...bars)).toBe(36);
    expect(bars.filter((bar) => bar === 36)).toHaveLength(1);
  });

  it('is flat without values', () => {
    expect(barHeights([], 240, 36)).toEqual([]);
    expect(barHeights([0, 0], 240, 36)).toEqual([0, 0]);
  });
});
