import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepInside, pan, toValue, toX, zoom } from '../../../src/renderer/timeline/span-scale.ts';

const whole = { from: 0, to: 1000 };

it('maps a value to its pixel and back', () => {
  const span = { from: 200, to: 600 };
  expect(toX(span, 800, 300)).toBe(200);
  expect(toValue(span, 800, 200)).toBe(300);
});

it('keeps the value under the pointer in place while zooming in', () => {
  const zoomed = zoom({ from: 0, to: 1000 }, 250, 0.5, whole, 1);
  expect(zoomed).toEqual({ from: 125, to: 625 });
  expect(toX(zoomed, 400, 250)).toBe(toX(whole, 400, 250));
});

it('never shows more than the whole, nor less than the shortest span', () => {
  expect(zoom({ from: 400, to: 500 }, 450, 100, whole, 1)).toEqual(whole);
  expect(zoom({ from: 400, to: 401 }, 400, 0.01, whole, 1)).toEqual({ from: 400, to: 401 });
});

it('stops moving at the ends', () => {
  expect(pan({ from: 100, to: 200 }, -500, whole)).toEqual({ from: 0, to: 100 });
  expect(pan({ from: 100, to: 200 }, 5000, whole)).toEqual({ from: 900, to: 1000 });
  expect(keepInside({ from: -5, to: 4000 }, whole)).toEqual(whole);
});

it('stays inside the whole after any change', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.double({ min: 0, max: 1000, noNaN: true }),
          fc.double({ min: 0.1, max: 10, noNaN: true }),
        ),
      ),
      (steps) => {
        let span = whole;
        for (const [at, factor] of steps) span = pan(zoom(span, at, factor, whole, 0.001), at - 500, whole);
        expect(span.from).toBeGreaterThanOrEqual(-1e-6);
        expect(span.to).toBeLessThanOrEqual(1000 + 1e-6);
        expect(span.to).toBeGreaterThan(span.from);
      },
    ),
  );
});
