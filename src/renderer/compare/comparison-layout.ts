import type { ComparisonLinks, ComparisonView } from '../../contract/comparison.ts';
import type { TimelineLayout } from '../timeline/lane-layout.ts';
import { toX } from '../timeline/span-scale.ts';
import type { Span } from '../state/view.ts';

/** Where both streams are drawn, in CSS pixels. Lines join the base of A and the base of B. */
export interface ComparisonLayout extends TimelineLayout {
  readonly laneA: { readonly top: number; readonly base: number };
  readonly laneB: { readonly base: number; readonly bottom: number };
}

const LABELS = 44;
const RIGHT = 22;
const AXIS = 28;
const NOTES = 20;

/** Lays out A at the top, B at the bottom, and space for lines between them. */
export function layComparison(width: number, height: number): ComparisonLayout {
  const bottom = Math.max(AXIS + 60, height - NOTES);
  const lane = Math.min(40, (bottom - AXIS) / 4);
  return {
    width,
    height,
    left: LABELS,
    plot: Math.max(1, width - LABELS - RIGHT),
    axis: AXIS - 11,
    top: AXIS,
    bottom,
    lanes: [],
    laneA: { top: AXIS, base: AXIS + lane },
    laneB: { base: bottom - lane, bottom },
  };
}

/** The common time axis: from the requests to the later end. Null if neither capture has times. */
export function wholeSpan({ a, b }: Pick<ComparisonView, 'a' | 'b'>): Span | null {
  const ends = [a.lastAt, b.lastAt].filter((at) => at !== null);
  if (ends.length === 0) return null;
  return { from: 0, to: Math.max(1, ...ends) * 1.01 };
}

/** Maximum distance of a click from the line that it selects, px. */
const REACH = 10;

/** The row of the line or mark that is nearest to a point; null if none is near. */
export function rowAt(
  links: ComparisonLinks,
  layout: ComparisonLayout,
  span: Span,
  x: number,
  y: number,
): number | null {
  const { laneA, laneB, left, plot } = layout;
  // Inside a lane the end of the line counts, between the lanes its point at this height.
  const share = Math.min(1, Math.max(0, (y - laneA.base) / (laneB.base - laneA.base)));
  let [best, distance]: [number | null, number] = [null, REACH];
  const consider = (row: number, at: number): void => {
    const away = Math.abs(left + at - x);
    if (away < distance) [best, distance] = [row, away];
  };
  for (const [n, row] of links.row.entries()) {
    const [a, b] = [toX(span, plot, links.a[n] as number), toX(span, plot, links.b[n] as number)];
    consider(row, a + share * (b - a));
  }
  if (share <= 0.25) for (const { at, row } of links.onlyA) consider(row, toX(span, plot, at));
  if (share >= 0.75) for (const { at, row } of links.onlyB) consider(row, toX(span, plot, at));
  return best;
}
