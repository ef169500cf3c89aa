import { firstIndex } from '../../core/binary-search.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { Density, Lane, RowSpan } from '../../contract/lane.ts';

/** First and last slice, both included. */
export type SliceSpan = readonly [first: number, last: number];

/** Rows of `lane` that a slice shows marks for. Blank lines are rows of `blocks` that no slice counts. */
export function sliceCount(density: Density, lane: Lane, slice: number): number {
  switch (lane) {
    case 'chunks':
      return density.chunks[slice] ?? 0;
    case 'blocks':
      return (density.events[slice] ?? 0) + (density.others[slice] ?? 0);
    case 'documents': {
      const { ok, partial, malformed, other } = density.documents;
      return (ok[slice] ?? 0) + (partial[slice] ?? 0) + (malformed[slice] ?? 0) + (other[slice] ?? 0);
    }
    default:
      return assertNever(lane);
  }
}

/** First row of `lane` at or after the beginning of each slice. */
export function firstRows(density: Density, lane: Lane): readonly number[] {
  switch (lane) {
    case 'chunks':
      return density.firstChunk;
    case 'blocks':
      return density.firstBlock;
    case 'documents':
      return density.firstDocument;
    default:
      return assertNever(lane);
  }
}

/** The slice with marks in `lane` nearest to `slice`, at most `reach` away; null for none. */
export function nearestSlice(density: Density, lane: Lane, slice: number, reach: number): number | null {
  for (let away = 0; away <= reach; away++) {
    if (sliceCount(density, lane, slice - away) > 0) return slice - away;
    if (sliceCount(density, lane, slice + away) > 0) return slice + away;
  }
  return null;
}

/** The slice that contains `row` of `lane`; null if the row is outside the span. */
export function sliceOfRow(density: Density, lane: Lane, row: number): number | null {
  const first = firstRows(density, lane);
  const beginning = first[0];
  if (beginning === undefined || row < beginning) return null;
  // The last slice that begins at or before the row.
  const slice = firstIndex(1, first.length, (index) => (first[index] ?? 0) > row) - 1;
  if (slice < first.length - 1) return slice;
  return row < (first[slice] ?? 0) + sliceCount(density, lane, slice) ? slice : null;
}

/** The slice at a position of the axis; it may be before the first or after the last. */
export function sliceAt(density: Density, value: number): number {
  return Math.floor(((value - density.from) / (density.to - density.from)) * density.chunks.length);
}

/** Position of the middle of a slice. */
export function sliceMiddle(density: Density, slice: number): number {
  return density.from + ((slice + 0.5) * (density.to - density.from)) / density.chunks.length;
}

/** First row of the mark nearest to `value` in a lane, at most `reach` (of the axis) away; null for none. */
export function rowNear(density: Density, lane: Lane, value: number, reach: number): number | null {
  const length = (density.to - density.from) / density.chunks.length;
  const slice = nearestSlice(density, lane, sliceAt(density, value), Math.ceil(reach / length));
  return slice === null ? null : (firstRows(density, lane)[slice] ?? null);
}

/** Slices of the first and last of some rows of a lane; null if one of them is outside the span. */
export function slicesOfRows(density: Density | null, lane: Lane, rows: RowSpan | null): SliceSpan | null {
  if (density === null || rows === null) return null;
  const first = sliceOfRow(density, lane, rows[0]);
  const last = sliceOfRow(density, lane, rows[1]);
  return first === null || last === null ? null : [first, last];
}
