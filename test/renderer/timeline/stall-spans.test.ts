import { expect, it } from 'vitest';
import { stallSpans } from '../../../src/renderer/timeline/stall-spans.ts';

/** Counts per slice of 10 ms: a chunk at each of `at` ms. */
function slices(total: number, at: readonly number[]): number[] {
  const counts = Array.from({ length: total / 10 }, () => 0);
  for (const ms of at) counts[Math.floor(ms / 10)] = (counts[Math.floor(ms / 10)] ?? 0) + 1;
  return counts;
}
const every = (step: number, from: number, to: number) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);
const span = { from: 0, to: 4000 };

it('finds the one long silence of a token stream, and says its exact length', () => {
  const chunks = slices(4000, [...every(40, 600, 2000), ...every(40, 3100, 3900)]);
  const stalls = stallSpans(chunks, span, { p50: 38, p95: 52, max: 1140 }, 600, 3900);
  expect(stalls).toEqual([{ from: 1970, to: 3100, length: 1140, open: false }]);
});

it('calls no gap of an even stream a stall, however slow it is', () => {
  expect(
    stallSpans(slices(4000, every(1000, 0, 4000)), span, { p50: 1000, p95: 1002, max: 1003 }, 0, 3000),
  ).toEqual([]);
});

it('calls no gap between bursts a stall where bursts are the rule', () => {
  const chunks = slices(4000, every(400, 0, 4000));
  expect(stallSpans(chunks, span, { p50: 0, p95: 400, max: 410 }, 0, 3600)).toEqual([]);
});

it('does not call the wait for the first byte a stall', () => {
  expect(
    stallSpans(slices(4000, every(40, 3000, 4000)), span, { p50: 40, p95: 41, max: 42 }, 3000, 4000),
  ).toEqual([]);
});

it('counts the silence before the end', () => {
  const stalls = stallSpans(slices(4000, every(40, 0, 1000)), span, { p50: 40, p95: 41, max: 42 }, 0, 3800);
  expect(stalls).toEqual([{ from: 970, to: 3800, length: 2830, open: false }]);
});

it('says that a stall is longer than it looks where it reaches beyond the span shown', () => {
  const chunks = slices(4000, every(40, 2000, 4000));
  const stalls = stallSpans(
    chunks,
    { from: 10_000, to: 14_000 },
    { p50: 40, p95: 41, max: 9000 },
    100,
    20_000,
  );
  expect(stalls).toEqual([{ from: 10_000, to: 12_000, length: 2000, open: true }]);
});

it('is silent while nothing is known of the usual gaps', () => {
  expect(stallSpans(slices(4000, [0, 3000]), span, null, 0, 3000)).toEqual([]);
});
