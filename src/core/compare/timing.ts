import type { EventPairs } from './event-pairs.ts';
import type { StreamOutline } from './stream-outline.ts';

/** Delays of B against A, ms: time in B minus time in A, each from its own request. Negative if B was earlier. */
export interface DelaySummary {
  readonly min: number;
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Of the first and last pair. */
  readonly first: number;
  readonly last: number;
}

/** Successive pairs that arrived one after another in A and together in B. */
export interface HeldRun {
  /** `seq` of the first and last event. */
  readonly a: readonly [first: number, last: number];
  readonly b: readonly [first: number, last: number];
  readonly pairs: number;
  /** From the first to the last arrival, ms. */
  readonly spanA: number;
  readonly spanB: number;
}

/** A place where B was slower than A. */
interface AddedTime {
  /** `seq` of the later event. */
  readonly a: number;
  readonly b: number;
  /** Increase of the delay over the pair before, ms. */
  readonly ms: number;
}

/** Comparison of arrival times of the pairs. */
export interface Timing {
  /** Null if a capture has no times, or there are no pairs. */
  readonly delay: DelaySummary | null;
  /** First body byte of B minus that of A, ms; null if not known. */
  readonly firstByte: number | null;
  /** In order; the 1,000 longest by time in A. `heldCount` and `heldPairs` count all. */
  readonly held: readonly HeldRun[];
  readonly heldCount: number;
  readonly heldPairs: number;
  /** The 20 greatest, greatest first; `addedCount` counts all. */
  readonly added: readonly AddedTime[];
  readonly addedCount: number;
  /** Arrivals of B with events from two or more arrivals of A, and their events. */
  readonly mergedArrivals: number;
  readonly mergedPairs: number;
  /** Events of B with the content of several events of A, and vice versa. */
  readonly joinedEvents: number;
  readonly splitEvents: number;
}

/** Events within this many ms, and within a tenth of their time in A, came together. */
const TOGETHER_MS = 1;
const TOGETHER_SHARE = 0.1;
/** Shorter times in A do not count as held back, ms. */
const LEAST_HELD_MS = 50;
/** The most of the time in A that may remain in B. */
const MOST_HELD_SHARE = 0.2;
/** Less is jitter of a loaded machine, ms. */
const LEAST_ADDED_MS = 100;
const MOST_HELD = 1000;
const MOST_ADDED = 20;

/** Finds where time was added and events were merged. */
export function timingOf(pairs: EventPairs, a: StreamOutline, b: StreamOutline): Timing {
  const held = heldRuns(pairs, a, b);
  const added = addedTimes(pairs);
  const longest =
    held.length <= MOST_HELD ? held : [...held].sort(byTimeInA).slice(0, MOST_HELD).sort(byPlace);
  return {
    delay: delaySummary(pairs.delay),
    firstByte: a.firstByteAt === null || b.firstByteAt === null ? null : b.firstByteAt - a.firstByteAt,
    held: longest,
    heldCount: held.length,
    heldPairs: held.reduce((sum, run) => sum + run.pairs, 0),
    added: added.sort((one, other) => other.ms - one.ms).slice(0, MOST_ADDED),
    addedCount: added.length,
    ...mergedArrivals(pairs, a, b),
    joinedEvents: repeated(Int32Array.from(pairs.b).sort()),
    splitEvents: repeated(pairs.a),
  };
}

function byTimeInA(one: HeldRun, other: HeldRun): number {
  return other.spanA - one.spanA;
}

function byPlace(one: HeldRun, other: HeldRun): number {
  return one.a[0] - other.a[0];
}

function delaySummary(delays: Float64Array): DelaySummary | null {
  const sorted = delays.filter((delay) => !Number.isNaN(delay)).sort();
  if (sorted.length === 0) return null;
  // Nearest rank.
  const quantile = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
  return {
    min: sorted[0] as number,
    p5: quantile(0.05),
    p50: quantile(0.5),
    p95: quantile(0.95),
    max: sorted.at(-1) as number,
    first: delays.find((delay) => !Number.isNaN(delay)) as number,
    last: delays.findLast((delay) => !Number.isNaN(delay)) as number,
  };
}

function heldRuns(pairs: EventPairs, a: StreamOutline, b: StreamOutline): HeldRun[] {
  const runs: HeldRun[] = [];
  const atA = (pair: number): number => a.events.at[pairs.a[pair] as number] as number;
  const atB = (pair: number): number => b.events.at[pairs.b[pair] as number] as number;
  let start = 0;
  for (let pair = 1; pair <= pairs.count; pair++) {
    const isTogether =
      pair < pairs.count &&
      atB(pair) - atB(pair - 1) <= TOGETHER_MS + TOGETHER_SHARE * (atA(pair) - atA(pair - 1));
    if (isTogether) continue;
    const last = pair - 1;
    const spanA = atA(last) - atA(start);
    const spanB = atB(last) - atB(start);
    if (last > start && spanA >= LEAST_HELD_MS && spanB <= MOST_HELD_SHARE * spanA) {
      const range = (events: Int32Array): [number, number] => [
        events[start] as number,
        events[last] as number,
      ];
      runs.push({ a: range(pairs.a), b: range(pairs.b), pairs: pair - start, spanA, spanB });
    }
    start = pair;
  }
  return runs;
}

function addedTimes({ a, b, delay, count }: EventPairs): AddedTime[] {
  const added: AddedTime[] = [];
  for (let pair = 1; pair < count; pair++) {
    const ms = (delay[pair] as number) - (delay[pair - 1] as number);
    if (ms >= LEAST_ADDED_MS) added.push({ a: a[pair] as number, b: b[pair] as number, ms });
  }
  return added;
}

function mergedArrivals(
  pairs: EventPairs,
  a: StreamOutline,
  b: StreamOutline,
): Pick<Timing, 'mergedArrivals' | 'mergedPairs'> {
  let [arrivals, merged] = [0, 0];
  if (pairs.count === 0 || Number.isNaN(pairs.delay[0])) return { mergedArrivals: 0, mergedPairs: 0 };
  const arrivalA = (pair: number): number => a.events.arrival[pairs.a[pair] as number] as number;
  const arrivalB = (pair: number): number => b.events.arrival[pairs.b[pair] as number] as number;
  let start = 0;
  for (let pair = 1; pair <= pairs.count; pair++) {
    if (pair < pairs.count && arrivalB(pair) === arrivalB(start)) continue;
    if (arrivalA(pair - 1) !== arrivalA(start)) {
      arrivals++;
      merged += pair - start;
    }
    start = pair;
  }
  return { mergedArrivals: arrivals, mergedPairs: merged };
}

/** Values that occur twice or more in sorted numbers. */
function repeated(sorted: Int32Array): number {
  let count = 0;
  for (let n = 1; n < sorted.length; n++) {
    if (sorted[n] === sorted[n - 1] && (n === 1 || sorted[n - 2] !== sorted[n])) count++;
  }
  return count;
}
