import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { GapHistogram } from '../../../src/core/metrics/gap-histogram.ts';

test('quantiles of gaps are within 1.1 % of the exact ones, and the greatest is exact', () => {
  const gap = fc.oneof(
    fc.constant(0),
    fc.double({ min: 0.001, max: 1e9, noNaN: true }),
    fc.integer({ min: 0, max: 60_000 }),
  );
  fc.assert(
    fc.property(
      fc.array(gap, { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.01, 0.5, 0.95, 0.99, 1),
      (gaps, share) => {
        const histogram = new GapHistogram();
        for (const one of gaps) histogram.add(one);
        const sorted = gaps.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(share * gaps.length)) - 1] ?? 0;
        expect(histogram.total).toBe(gaps.length);
        expect(histogram.max).toBe(sorted.at(-1));
        expect(Math.abs(histogram.quantile(share) - exact)).toBeLessThanOrEqual(exact * 0.011);
      },
    ),
  );
});

test('a histogram of nothing gives nothing, and a gap that goes back counts as none', () => {
  const histogram = new GapHistogram();
  expect([histogram.quantile(0.5), histogram.max]).toEqual([0, 0]);
  histogram.add(-5);
  expect([histogram.quantile(0.5), histogram.max, histogram.total]).toEqual([0, 0, 1]);
});
