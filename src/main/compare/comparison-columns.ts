import type { ComparisonLinks } from '../../contract/comparison.ts';
import type { Comparison } from '../../core/compare/comparison.ts';
import { pairRecords } from '../../core/compare/comparison-records.ts';
import { pairLevels } from '../../core/compare/event-pairs.ts';
import type { Timing } from '../../core/compare/timing.ts';
import type { StreamOutline } from '../../core/compare/stream-outline.ts';

/** A comparison as parallel columns, which are cheap to move between threads: a row for each pair and each unpaired event. */
export interface ComparisonColumns {
  /** `seq` of the events; -1 if there is none. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Index in `pairLevels`; 255 for no pair. */
  readonly level: Uint8Array;
  /** For an unpaired event, the other side's event that it was changed into or from; -1 if there is none. */
  readonly changed: Int32Array;
  /** Times of all events of each side by `seq`, ms; NaN if unknown. */
  readonly atA: Float64Array;
  readonly atB: Float64Array;
}

const noPair = 255;

/** Arranges a comparison in rows. */
export function comparisonColumns(
  comparison: Comparison,
  a: StreamOutline,
  b: StreamOutline,
): ComparisonColumns {
  const rows = comparison.pairs.count + comparison.onlyInA.length + comparison.onlyInB.length;
  const columns: ComparisonColumns = {
    a: new Int32Array(rows).fill(-1),
    b: new Int32Array(rows).fill(-1),
    level: new Uint8Array(rows).fill(noPair),
    changed: new Int32Array(rows).fill(-1),
    atA: a.events.at,
    atB: b.events.at,
  };
  let row = 0;
  for (const record of pairRecords(comparison)) {
    if (record.kind === 'pair') {
      columns.a[row] = record.a;
      columns.b[row] = record.b;
      columns.level[row] = pairLevels.indexOf(record.level);
    } else {
      (record.in === 'a' ? columns.a : columns.b)[row] = record.seq;
      columns.changed[row] = record.changed ?? -1;
    }
    row++;
  }
  return columns;
}

/** The first `most` rows other than exact pairs. */
export function differingRows({ level }: ComparisonColumns, most: number): number[] {
  const found: number[] = [];
  for (let row = 0; row < level.length && found.length < most; row++) if (level[row] !== 0) found.push(row);
  return found;
}

/** px: lines whose ends are nearer than this are drawn as one. */
const APART = 1.5;
/** Most lines in one answer. If there are more, lines with ends farther apart are merged too. */
const MOST_LINES = 3000;

/** The lines of pairs that cross a span, merged for a plot `width` px wide, and the runs that were held back. */
export function linksOf(
  columns: ComparisonColumns,
  held: Timing['held'],
  from: number,
  to: number,
  width: number,
): ComparisonLinks {
  const runs = heldRuns(columns, held, from, to);
  for (let apart = APART; ; apart *= 2) {
    const most = apart > width ? Number.POSITIVE_INFINITY : MOST_LINES;
    const links = thinned(columns, from, to, Math.ceil(width / apart), most);
    if (links !== null) return { ...links, held: runs };
  }
}

function heldRuns(
  { atA, atB }: ComparisonColumns,
  held: Timing['held'],
  from: number,
  to: number,
): ComparisonLinks['held'] {
  const runs: ComparisonLinks['held'][number][] = [];
  for (const { a, b } of held) {
    const timesA = [atA[a[0]] as number, atA[a[1]] as number] as const;
    const timesB = [atB[b[0]] as number, atB[b[1]] as number] as const;
    const isInSight = Math.max(timesA[1], timesB[1]) >= from && Math.min(timesA[0], timesB[0]) <= to;
    if (isInSight) runs.push({ a: timesA, b: timesB });
  }
  return runs;
}

/** @param places distinct positions on the axis
 * @returns null if there would be more than `most` lines */
function thinned(
  columns: ComparisonColumns,
  from: number,
  to: number,
  places: number,
  most: number,
): Omit<ComparisonLinks, 'held'> | null {
  const { level, atA, atB } = columns;
  const [a, b, row, pairs]: [number[], number[], number[], number[]] = [[], [], [], []];
  const only = {
    a: new Map<number, { at: number; row: number }>(),
    b: new Map<number, { at: number; row: number }>(),
  };
  const known = new Map<number, number>();
  const place = (at: number): number => Math.round(((at - from) / (to - from)) * places);
  const side = places * 4;
  for (let n = 0; n < level.length; n++) {
    const [seqA, seqB] = [columns.a[n] as number, columns.b[n] as number];
    const timeA = seqA < 0 ? Number.NaN : (atA[seqA] as number);
    const timeB = seqB < 0 ? Number.NaN : (atB[seqB] as number);
    if (level[n] === noPair) {
      const [marks, at] = seqA >= 0 ? [only.a, timeA] : [only.b, timeB];
      if (!(at >= from && at <= to) || marks.has(place(at))) continue;
      marks.set(place(at), { at, row: n });
      continue;
    }
    if (Number.isNaN(timeA) || Number.isNaN(timeB)) continue;
    // It crosses the span unless both ends are on the same side of it.
    if ((timeA < from && timeB < from) || (timeA > to && timeB > to)) continue;
    const key = (clamp(place(timeA), side) + side) * (side * 2 + 1) + clamp(place(timeB), side) + side;
    const line = known.get(key);
    if (line === undefined) {
      if (row.length === most) return null;
      known.set(key, row.length);
      a.push(timeA);
      b.push(timeB);
      row.push(n);
      pairs.push(1);
    } else pairs[line] = (pairs[line] as number) + 1;
  }
  return { a, b, row, pairs, onlyA: [...only.a.values()], onlyB: [...only.b.values()] };
}

/** Ends far outside of the span differ only by their direction. */
function clamp(place: number, side: number): number {
  return Math.round(Math.min(side, Math.max(-side, place)));
}
