import { expect, it } from 'vitest';
import { liveEnd, restEnd } from '../../../src/renderer/timeline/live-end.ts';

it('stands still between steps, is never behind the newest record and leaves at most a third empty', () => {
  let end = 0;
  let steps = 0;
  for (let newest = 1000; newest < 1e6; newest += 50) {
    const now = liveEnd(newest);
    expect(now).toBeGreaterThan(newest);
    expect(now).toBeGreaterThanOrEqual(end);
    expect(newest / now).toBeGreaterThan(0.6);
    if (now !== end) steps++;
    end = now;
  }
  expect(steps).toBeLessThan(40);
});

it('leaves a little room after the last mark at rest', () => {
  expect(restEnd(1000)).toBe(1020);
  expect(restEnd(0)).toBe(1);
});
