import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampOffset,
  isScaled,
  maxOffset,
  maxSpacer,
  offsetAt,
  offsetShowing,
  rowsInSight,
  scrollTopAt,
  spacerHeight,
  type ScrolledList,
} from '../../../src/renderer/rows/scroll-scale.ts';

const short: ScrolledList = { total: 1000, rowHeight: 23, viewport: 460 };
const long: ScrolledList = { total: 10_000_000, rowHeight: 23, viewport: 460 };

describe('scrolling a list', () => {
  it('is pixel for pixel while the rows fit below the cap', () => {
    expect(isScaled(short)).toBe(false);
    expect(spacerHeight(short)).toBe(23_000);
    expect(offsetAt(short, 1234)).toBe(1234);
    expect(scrollTopAt(short, 1234)).toBe(1234);
  });

  it('never makes the spacer higher than the cap', () => {
    expect(isScaled(long)).toBe(true);
    expect(spacerHeight(long)).toBe(maxSpacer);
    expect(spacerHeight({ ...long, total: 1e12 })).toBe(maxSpacer);
  });

  it('reaches the first and the last row of a list beyond the cap', () => {
    expect(rowsInSight(long, offsetAt(long, 0))[0]).toBe(0);
    const end = offsetAt(long, maxSpacer - long.viewport);
    expect(rowsInSight(long, end)[1]).toBe(long.total);
    expect(scrollTopAt(long, maxOffset(long))).toBe(maxSpacer - long.viewport);
  });

  it('restores the position of the scroll bar to within a pixel, for any length', () => {
    const anyList = fc.record({
      total: fc.integer({ min: 1, max: 2_000_000_000 }),
      rowHeight: fc.constant(23),
      viewport: fc.integer({ min: 50, max: 4000 }),
    });
    fc.assert(
      fc.property(anyList, fc.double({ min: 0, max: 1, noNaN: true }), (list, part) => {
        const scrollTop = part * Math.max(0, spacerHeight(list) - list.viewport);
        expect(Math.abs(scrollTopAt(list, offsetAt(list, scrollTop)) - scrollTop)).toBeLessThan(1);
      }),
    );
  });

  it('includes rows that the viewport cuts', () => {
    expect(rowsInSight(short, 0)).toEqual([0, 20]);
    expect(rowsInSight(short, 10)).toEqual([0, 21]);
    expect(rowsInSight(short, 23)).toEqual([1, 21]);
  });

  it('shows nothing of an empty list, and all of one that fits in the viewport', () => {
    expect(rowsInSight({ ...short, total: 0 }, 0)).toEqual([0, 0]);
    expect(rowsInSight({ ...short, total: 3 }, 0)).toEqual([0, 3]);
    expect(maxOffset({ ...short, total: 3 })).toBe(0);
    expect(clampOffset({ ...short, total: 3 }, 99)).toBe(0);
  });
});

describe('scrolling a row into view', () => {
  it('does not move if the whole row is visible', () => {
    expect(offsetShowing(short, 100, 10)).toBe(100);
  });

  it('moves to the nearer edge for a close row', () => {
    expect(offsetShowing(short, 230, 9)).toBe(9 * 23);
    expect(offsetShowing(short, 230, 30)).toBe(31 * 23 - 460);
  });

  it('moves a distant row to the middle', () => {
    const offset = offsetShowing(short, 0, 500);
    expect(500 * 23 - offset).toBeCloseTo((460 - 23) / 2);
  });

  it('always ends with the row visible', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.double({ min: 0, max: 22_540, noNaN: true }),
        (row, from) => {
          const offset = offsetShowing(short, from, row);
          expect(row * 23).toBeGreaterThanOrEqual(offset);
          expect(row * 23 + 23).toBeLessThanOrEqual(offset + 460);
        },
      ),
    );
  });
});
