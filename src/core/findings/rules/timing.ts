import { LINE_END_MS } from '../facts/arrivals.ts';
import type { ClockSamples } from '../facts/clocks.ts';
import type { Observation, Rule } from '../rule.ts';
import { coalescedDelivery, pastTheProxy, responseBuffered } from './buffering.ts';
import { cacheSign } from './cache-sign.ts';
import { duration } from '../../text/wording.ts';

/* Thresholds, with what they were measured against: see `buffering.ts`. */

/** Arrivals that lack their line end: 8 of 15 for haproxy's compression, at most 1 for healthy streams. */
const LATE_LINE_ENDS = 3;
/** Lateness by clocks: how much the lag must vary before it can be judged, and how much less with the next one's, ms. */
const LAG_SPREAD_MS = 50;
const LAG_FACTOR = 4;

/** A silence that proxies with common time-outs (30 and 60 s) may end, ms. */
const HEARTBEAT_MS = 25_000;

const oneEventLate: Rule = {
  code: 'one-event-late',
  rung: 4,
  severity: 'warning',
  known: 'Every event is one event late.',
  recognised:
    `${LATE_LINE_ENDS} and more, and half or more, of the arrivals lack only the line end of their event, which comes ${LINE_END_MS} ms or more later ` +
    'with the next event. Or by the clock in the payloads: arrivals follow the making of the next event, not of their own.',
  causes: [
    'The blank line is written before the next event instead of after this one.',
    'A writer, compressor or line buffer holds the last bytes until more come.',
  ],
  advice: 'Write each event together with its blank line, and flush then.',
  decider: pastTheProxy,
  test({ facts }) {
    const { lineEndLate, count } = facts.arrivals;
    if (lineEndLate.count >= LATE_LINE_ENDS && lineEndLate.count * 2 >= count - 1) {
      return {
        message: `${lineEndLate.count} of ${count} arrivals end before the line end of their event, which came with the next one.`,
        evidence: lineEndLate.first.map(({ first, last }) => ({ kind: 'chunks', first, last })),
      };
    }
    const { samples } = facts.clocks;
    return samples === null ? null : lateByClock(samples);
  },
};

/** Arrivals follow the making of the next one: its lag is steady where that of the own varies. */
function lateByClock({ source, made, arrived, shared }: ClockSamples): Observation | null {
  const length = Math.min(made.length, arrived.length);
  if (length < LATE_LINE_ENDS + 1) return null;
  const own: number[] = [];
  const next: number[] = [];
  for (let n = 0; n + 1 < length; n++) {
    own.push((arrived[n] ?? 0) - (made[n] ?? 0));
    next.push((arrived[n] ?? 0) - (made[n + 1] ?? 0));
  }
  const ownSpread = spread(own);
  const nextSpread = spread(next);
  const usual = quantile(own, 0.5);
  // On one clock a delay is a delay, also a steady one.
  const isLate = shared
    ? usual >= LAG_SPREAD_MS && Math.abs(quantile(next, 0.5)) * LAG_FACTOR < usual
    : ownSpread >= LAG_SPREAD_MS && nextSpread * LAG_FACTOR < ownSpread;
  if (!isLate) return null;
  return {
    message: shared
      ? `Each event arrived ${duration(usual)} after its yield, when the next one was yielded.`
      : `Each event arrived when the next one was made: the lag from its own ${source} varies by ${duration(ownSpread)}, ` +
        `that from the next one's by ${duration(nextSpread)}.`,
    evidence: Array.from({ length: Math.min(3, length - 1) }, (_, seq) => ({ kind: 'event', seq }) as const),
  };
}

const stalled: Rule = {
  code: 'stalled',
  rung: 4,
  severity: 'info',
  known: 'It stops in the middle and goes on later.',
  recognised:
    'A silence between outputs (what a model wrote, or events) of 1 s or more and 10 times the usual gap between arrivals. ' +
    'Keep-alives do not end it.',
  causes: [
    'The model, a tool or a queue behind the server took its time.',
    'Something on the way held the bytes.',
  ],
  advice:
    "Compare with the server's own log: a silence that is not there was made on the way. Heartbeat comments keep proxies from closing meanwhile.",
  test({ metrics: { stalls, stallCount } }) {
    const longest = stalls.reduce((most, stall) => Math.max(most, stall.ms), 0);
    if (stallCount === 0) return null;
    return {
      message: `${stallCount === 1 ? 'One silence' : `${stallCount} silences`} far longer than the usual gap between outputs, the longest ${duration(longest)}.`,
      evidence: stalls.slice(0, 5).map(({ at, ms }) => ({ kind: 'gap', at, ms })),
    };
  },
};

const noHeartbeat: Rule = {
  code: 'no-heartbeat',
  rung: 4,
  severity: 'info',
  known: 'It drops at about 30 or 60 s when the model thinks.',
  recognised: `${HEARTBEAT_MS / 1000} s or more without a byte.`,
  advice:
    'Send a comment line (": keep-alive") every 15 s: proxies and load balancers close connections that are silent for 30 or 60 s.',
  test({ metrics: { longestQuiet } }) {
    if (longestQuiet === null || longestQuiet.ms < HEARTBEAT_MS) return null;
    const { at, ms } = longestQuiet;
    return { message: `Not a byte came for ${duration(ms)}.`, evidence: [{ kind: 'gap', at, ms }] };
  },
};

const servedFromCache: Rule = {
  code: 'served-from-cache',
  rung: 4,
  severity: 'info',
  known: 'The same old answer comes again, at once.',
  recognised:
    'A cache says so: HIT in a cache status field, two ids in X-Varnish, or an Age that is more than 1 s older than the response.',
  advice:
    'If it should be fresh: Cache-Control: no-store on the response, and no cache for event streams on the way.',
  test({ facts }) {
    const sign = cacheSign(facts);
    if (sign === null) return null;
    return {
      message: `A cache answered: ${sign.name}: ${sign.value}.`,
      evidence: [{ kind: 'header', ...sign }],
    };
  },
};

/** The rules of rung 4: events arrive when they are produced. */
export const timingRules: readonly Rule[] = [
  responseBuffered,
  coalescedDelivery,
  oneEventLate,
  stalled,
  noHeartbeat,
  servedFromCache,
];

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function spread(values: readonly number[]): number {
  return quantile(values, 0.9) - quantile(values, 0.1);
}
