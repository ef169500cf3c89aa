import { expect, it } from 'vitest';
import type { Density } from '../../../src/contract/lane.ts';
import { nearestSlice, sliceCount, sliceOfRow } from '../../../src/renderer/timeline/density-slices.ts';
import { laneAt, layTimeline, onAxis } from '../../../src/renderer/timeline/lane-layout.ts';

const none = [0, 0, 0, 0, 0, 0];
const density: Density = {
  from: 0,
  to: 60,
  unit: 'ms',
  loadedTo: null,
  chunks: [0, 2, 0, 0, 1, 3],
  bytes: [0, 80, 0, 0, 10, 90],
  events: [0, 1, 0, 0, 1, 2],
  others: [0, 1, 0, 0, 0, 0],
  documents: { ok: [0, 1, 0, 0, 0, 1], partial: none, malformed: [0, 0, 0, 0, 1, 0], other: none },
  firstChunk: [10, 10, 12, 12, 12, 13],
  firstBlock: [5, 5, 7, 7, 7, 8],
  firstDocument: [3, 3, 4, 4, 4, 5],
};

it('finds the slice of a row, even if empty slices begin with the same row', () => {
  expect([10, 11, 12, 13, 15].map((row) => sliceOfRow(density, 'chunks', row))).toEqual([1, 1, 4, 5, 5]);
});

it('finds no slice for rows before and after the span', () => {
  expect(sliceOfRow(density, 'chunks', 9)).toBeNull();
  expect(sliceOfRow(density, 'chunks', 16)).toBeNull();
});

it('counts every block and every payload state as a mark', () => {
  expect(sliceCount(density, 'blocks', 1)).toBe(2);
  expect(sliceCount(density, 'documents', 4)).toBe(1);
  expect(sliceCount(density, 'documents', 99)).toBe(0);
});

it('snaps to the nearest mark within reach, and to the earlier of two equally near', () => {
  expect(nearestSlice(density, 'blocks', 2, 3)).toBe(1);
  expect(nearestSlice(density, 'blocks', 3, 3)).toBe(4);
  expect(nearestSlice(density, 'blocks', 2, 0)).toBeNull();
});

it('finds the lane under the pointer', () => {
  const layout = layTimeline(700, 200);
  const [chunks, events, json] = layout.lanes;
  expect(laneAt(layout, (chunks?.base ?? 0) - 1)).toBe('chunks');
  expect(laneAt(layout, (events?.base ?? 0) - 1)).toBe('blocks');
  expect(laneAt(layout, (json?.base ?? 0) - 1)).toBe('documents');
  expect(laneAt(layout, 199)).toBe('documents');
  expect(onAxis(layout, 10)).toBe(true);
  expect(onAxis(layout, 60)).toBe(false);
});
