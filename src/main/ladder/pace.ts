import type { CheckEvidence, RungTiming } from '../../contract/ladder.ts';
import { arrivalsOf, evidence, ms, type ReceivedStream } from './received-stream.ts';

/** An arrival gap may differ from its yield gap by this part of it. A buffer adds a whole gap or more. */
export const tolerance = 0.5;
/**
 * An event that took this part of the time until the next yield has waited for it. An event that is sent with the next one
 * takes all of it, minus the delay of the fastest event.
 */
const waited = 0.75;
/** Yields must be this far apart to be judged, ms: any machine is sometimes busy for that long. */
export const leastGap = 20;

/** A yield of the server, ms since the request began by the client's clock. */
export interface TimedYield {
  readonly at: number;
  /** When its event arrived; null if it did not arrive. */
  readonly arrived: number | null;
  /** Number of its event; null if it did not arrive. */
  readonly seq: number | null;
}

/** Arrivals of a stream compared with its yields, both by the client's clock. */
export interface Pace {
  readonly timing: RungTiming;
  /** The gaps before the second and later events, ms. */
  readonly gaps: readonly { readonly seq: number; readonly yielded: number; readonly arrived: number }[];
  /** The gaps whose arrival does not follow the yield. */
  readonly offGaps: Pace['gaps'];
  /** Events that waited for the next yield, and the time from their own yield to their arrival, ms. */
  readonly late: readonly { readonly seq: number; readonly took: number }[];
  /** The median gap between yields, ms; null if there are fewer than two yields. */
  readonly usualGap: number | null;
  /** From the first yield to the last, ms. */
  readonly yieldSpan: number;
  readonly arrivalSpan: number;
}

/** Compares yields with arrivals. Null if fewer than two events arrived. */
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

/** Whether fewer than half are wrong. A busy machine spoils a few gaps, a buffer nearly all. */
export function isFew(wrong: number, all: number): boolean {
  return wrong * 2 < all;
}

/** The gaps as evidence, first all of them, then those that are off. */
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

/** The gaps between the arrivals of a stream, ms. */
export function arrivalGaps(stream: ReceivedStream): number[] {
  const arrivals = arrivalsOf(stream).flatMap((at) => at ?? []);
  return arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? at));
}

/** The median; the upper of two middle values. Null for no values. */
export function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

/** The time from the first to the last, ms. */
export function spanOf(times: readonly number[]): number {
  return (times.at(-1) ?? 0) - (times[0] ?? 0);
}
