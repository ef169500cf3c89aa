import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeBins } from '../../../src/core/metrics/time-bins.ts';

const sum = (a: number, b: number): number => a + b;

describe('TimeBins', () => {
  test('puts figures into bins of 20 ms at first', () => {
    const bins = new TimeBins(sum);
    bins.add(0, 1);
    bins.add(19.9, 1);
    bins.add(20, 1);
    bins.add(100, 5);
    expect(bins.width).toBe(20);
    expect(bins.values).toEqual([2, 1, 0, 0, 0, 5]);
  });

  test('doubles the width when the time outgrows them, and puts neighbours together', () => {
    const bins = new TimeBins(sum);
    for (let at = 0; at < 20 * 512; at += 20) bins.add(at, 1);
    expect(bins.width).toBe(20);
    expect(bins.values).toHaveLength(512);
    bins.add(20 * 512, 7);
    expect(bins.width).toBe(40);
    expect(bins.values).toEqual([...Array.from({ length: 256 }, () => 2), 7]);
  });

  test('never has more bins than 512, however long it takes', () => {
    const bins = new TimeBins(Math.max);
    bins.add(5, 3);
    bins.add(30 * 24 * 3_600_000, 1);
    expect(bins.values.length).toBeLessThanOrEqual(512);
    expect(bins.values[0]).toBe(3);
    expect(bins.values.at(-1)).toBe(1);
  });

  test('ignores what has no time', () => {
    const bins = new TimeBins(sum);
    for (const at of [Number.NaN, -1, Number.POSITIVE_INFINITY]) bins.add(at, 1);
    expect(bins.values).toEqual([]);
  });

  test('gives the same for any order of values as sorting them into bins of the last width', () => {
    const figures = fc.array(fc.tuple(fc.nat(2_000_000), fc.integer({ min: 1, max: 9 })), { maxLength: 60 });
    fc.assert(
      fc.property(figures, (all) => {
        for (const merge of [sum, Math.max]) {
          const bins = new TimeBins(merge);
          for (const [at, value] of all) bins.add(at, value);
          const expected: number[] = [];
          for (const [at, value] of all) {
            const bin = Math.floor(at / bins.width);
            while (expected.length <= bin) expected.push(0);
            expected[bin] = merge(expected[bin] ?? 0, value);
          }
          expect(bins.values).toEqual(expected);
        }
      }),
    );
  });
});
