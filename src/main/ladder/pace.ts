import type { CheckEvidence, RungTiming } from '../../contract/ladder.ts';
import { arrivalsOf, evidence, ms, type ReceivedStream } from './received-stream.ts';

/** An arrival gap this far from its yield gap, as a part of it, does not follow it: what a buffer adds is a whole gap. */
export const tolerance = 0.5;
/**
 * An event that took this part of the time to the next yield has waited for it: one that is sent with the next takes all of
 * it, give or take what the fastest event of all took.
 */
const waited = 0.75;
/** Yields closer together than this, ms, tell nothing: any machine is busy for so long now and then. */
export const leastGap = 20;

/** A yield of the server, ms since the request began by the client's clock. */
export interface TimedYield {
  readonly at: number;
  /** When the event that it became arrived; null where none came. */
  readonly arrived: number | null;
  /** Of that event; null where none came. */
  readonly seq: number | null;
}

/** How a stream arrived against how it was yielded, both by the client's clock. */
export interface Pace {
  readonly timing: RungTiming;
  /** Gaps before each event but the first, ms. */
  readonly gaps: readonly { readonly seq: number; readonly yielded: number; readonly arrived: number }[];
  /** Those whose arrival does not follow the yield. */
  readonly offGaps: Pace['gaps'];
  /** Events that waited for the next one to be yielded, and how long after their own yield they arrived, ms. */
  readonly late: readonly { readonly seq: number; readonly took: number }[];
  /** The usual gap between yields, ms; null where there are fewer than two. */
  readonly usualGap: number | null;
  /** From the first yield to the last, ms. */
  readonly yieldSpan: number;
  readonly arrivalSpan: number;
}

/** Compares yields with arrivals. Null where fewer than two of them arrived. */
export function paceOf(yields: readonly TimedYield[]): Pace | null {
  const pairs = yields.flatMap(({ at, arrived, seq }) =>
    arrived === null || seq === null ? [] : [{ at, arrived, seq }],
  );
  if (pairs.length < 2) return null;
  const gaps = pairs.slice(1).map(({ at, arrived, seq }, index) => {
    const before = pairs[index] ?? { at, arrived };
    return { seq, yielded: at - before.at, arrived: arrived - before.arrived };
  });
  const late = pairs.slice(0, -1).flatMap(({ at, arrived, seq }, index) => {
    const next = pairs[index + 1];
    return next !== undefined && arrived - at >= (next.at - at) * waited ? [{ seq, took: arrived - at }] : [];
  });
  const timing = { yields: pairs.map(({ at }) => at), arrivals: pairs.map(({ arrived }) => arrived) };
  return {
    timing,
    gaps,
    offGaps: gaps.filter(({ yielded, arrived }) => Math.abs(arrived - yielded) > yielded * tolerance),
    late,
    usualGap: median(gaps.map(({ yielded }) => yielded)),
    yieldSpan: spanOf(timing.yields),
    arrivalSpan: spanOf(timing.arrivals),
  };
}

/** Fewer than half are off: a busy machine makes a few gaps wrong, a buffer nearly all of them. */
export function isFew(wrong: number, all: number): boolean {
  return wrong * 2 < all;
}

/** The gaps, and those whose arrival does not follow the yield. */
export function gapEvidence(stream: ReceivedStream, { gaps, offGaps }: Pace): CheckEvidence[] {
  const shown = gaps
    .slice(0, 12)
    .map(({ yielded, arrived }) => `${yielded.toFixed(0)}→${arrived.toFixed(0)}`);
  return [
    evidence(stream, `gaps in ms, yielded→arrived: ${shown.join(', ')}`),
    ...offGaps.slice(0, 5).map(({ seq, yielded, arrived }) =>
      evidence(
        stream,
        `the gap before event ${seq} is ${ms(arrived)}, that before its yield ${ms(yielded)}`,
        {
          kind: 'event',
          seq,
        },
      ),
    ),
  ];
}

/** Gaps between the arrivals of a stream whose yields are not known, ms. */
export function arrivalGaps(stream: ReceivedStream): number[] {
  const arrivals = arrivalsOf(stream).flatMap((at) => at ?? []);
  return arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? at));
}

/** The middle value; of an even number of them the upper. Null for none. */
export function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

/** From the first to the last, ms. */
export function spanOf(times: readonly number[]): number {
  return (times.at(-1) ?? 0) - (times[0] ?? 0);
}
