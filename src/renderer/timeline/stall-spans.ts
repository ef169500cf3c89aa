import type { Span } from '../state/view.ts';

/** A stretch with no bytes, much longer than is usual in its stream. */
export interface Stall extends Span {
  /** ms. Exact to a slice, or exact where the capture's figures tell it. */
  readonly length: number;
  /** It reaches beyond the span shown: it is longer than `length`. */
  readonly open: boolean;
}

/** What is known of the whole stream, against which a gap is long or not. ms. */
export interface UsualGaps {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Shorter silences than this are no stall in any stream: a person would not notice. */
const LEAST_STALL = 250;
/** So many gaps in view say by themselves what is usual. */
const ENOUGH_GAPS = 8;

/**
 * The shortest gap that is a stall, in ms. Streams come in bursts, so the gaps between events alone do not tell: their
 * middle may be 0 where several share a chunk. The gaps in view between arrivals tell better, where there are enough.
 *
 * @param seen gaps in view, ms, in any order
 */
export function stallThreshold(usual: UsualGaps, seen: readonly number[]): number {
  const sorted = seen.toSorted((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] ?? 0;
  const arrivals = sorted.length >= ENOUGH_GAPS ? 5 * middle : Math.min(2.5 * usual.p95, 0.6 * usual.max);
  return Math.max(LEAST_STALL, 8 * usual.p50, arrivals);
}

/**
 * Stalls in a span drawn from counts per slice. Costs one pass over the slices, whatever the capture's size.
 *
 * @param chunks chunks per slice of `span`
 * @param first when the first body byte arrived, or null where none did: the wait for it is no stall
 * @param last when the newest record arrived, so that the silence before the end counts
 */
export function stallSpans(
  chunks: readonly number[],
  span: Span,
  usual: UsualGaps | null,
  first: number | null,
  last: number | null,
): readonly Stall[] {
  if (usual === null || first === null || chunks.length === 0) return [];
  const slice = (span.to - span.from) / chunks.length;
  const threshold = stallThreshold(usual, gapsSeen(chunks, slice));
  const end = Math.min(span.to, last ?? span.to);
  const stalls: Stall[] = [];
  let quietSince = Math.max(span.from, first);
  let open = first < span.from;
  const silence = (until: number, openEnd: boolean): void => {
    const length = until - quietSince;
    // A slice at each side may hide up to a slice of the gap, so a gap must be longer by that to be certain.
    if (length < threshold || length < 3 * slice) return;
    const exact = !open && !openEnd && Math.abs(length - usual.max) <= 2 * slice;
    stalls.push({ from: quietSince, to: until, length: exact ? usual.max : length, open: open || openEnd });
  };
  chunks.forEach((count, index) => {
    if (count === 0) return;
    const from = span.from + index * slice;
    if (from > quietSince) silence(from, false);
    quietSince = from + slice;
    open = false;
  });
  if (end > quietSince) silence(end, last === null || last > span.to);
  return stalls;
}

/** Distances between neighbouring slices that have chunks, in ms. */
function gapsSeen(chunks: readonly number[], slice: number): readonly number[] {
  const gaps: number[] = [];
  let before = -1;
  chunks.forEach((count, index) => {
    if (count === 0) return;
    if (before >= 0) gaps.push((index - before) * slice);
    before = index;
  });
  return gaps;
}
