import { lastMoment, type YieldRow } from './yield-log.ts';

/** Positions in the plot, in px from its top: both rows, the label of the gaps, and the base line of their bars. */
export const plotHeight = { yields: 34, arrivals: 88, gaps: 122, floor: 156, all: 162 } as const;

/** Space for the names of the rows, px. */
const left = 62;
const right = 10;
const tallestBar = 40;
const thickestBar = 7;

/** The line from a yield to its arrival: x of both ends, px. */
export interface Join {
  readonly n: number;
  readonly from: number;
  readonly to: number;
  /** The event arrived after the next yield. */
  readonly isHeld: boolean;
}

/** Two bars side by side: the gap before a yield and the gap before its arrival, px. */
export interface GapBars {
  readonly n: number;
  readonly at: number;
  readonly thickness: number;
  readonly yielded: number;
  readonly arrived: number;
}

export interface PlotLayout {
  /** The x position of a time, px. */
  readonly x: (ms: number) => number;
  /** The ends of the axis, px. */
  readonly left: number;
  readonly right: number;
  readonly lines: readonly Join[];
  readonly bars: readonly GapBars[];
  /** The gap of the tallest bar, ms. */
  readonly largestGap: number;
}

/** The layout of a plot of `width` px. */
export function plotLayout(rows: readonly YieldRow[], width: number): PlotLayout {
  const end = Math.max(left + 1, width - right);
  const last = Math.max(lastMoment(rows), 1e-3);
  const x = (ms: number): number => left + (Math.max(0, ms) / last) * (end - left);
  const lines = rows.flatMap(({ n, yieldedAt, arrivedAt }) => {
    if (yieldedAt === null || arrivedAt === null) return [];
    const next = rows[n + 1]?.yieldedAt ?? null;
    return [{ n, from: x(yieldedAt), to: x(arrivedAt), isHeld: next !== null && arrivedAt > next }];
  });
  const largestGap = rows.reduce((most, row) => Math.max(most, row.yieldGap ?? 0, row.arrivalGap ?? 0), 0);
  const slot = (end - left) / Math.max(1, rows.length);
  const thickness = Math.max(1, Math.min(thickestBar, slot / 3));
  const tall = (gap: number | null): number =>
    gap === null || largestGap === 0 ? 0 : Math.max(gap > 0 ? 1 : 0, (gap / largestGap) * tallestBar);
  const bars = rows
    .filter(({ yieldGap, arrivalGap }) => yieldGap !== null || arrivalGap !== null)
    .map(({ n, yieldGap, arrivalGap }) => ({
      n,
      at: left + slot * n + slot / 2 - thickness,
      thickness,
      yielded: tall(yieldGap),
      arrived: tall(arrivalGap),
    }));
  return { x, left, right: end, lines, bars, largestGap };
}
