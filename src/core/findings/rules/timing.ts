import { LINE_END_MS } from '../facts/arrivals.ts';
import type { ClockSamples } from '../facts/clocks.ts';
import type { Observation, Rule } from '../rule.ts';
import { pastTheProxy } from './buffering.ts';
import { coalescedDelivery } from './coalesced-delivery.ts';
import { responseBuffered } from './response-buffered.ts';
import { cacheSign } from './cache-sign.ts';
import { duration } from '../../text/wording.ts';

/* Thresholds; for the measurements see `response-buffered.ts`. */

/** Arrivals without their line ending: 8 of 15 with haproxy's compression, at most 1 in healthy streams. */
const LATE_LINE_ENDS = 3;
/** Lateness by clocks, ms: how much the delay must vary for a judgement, and how much less relative to the next event. */
const LAG_SPREAD_MS = 50;
const LAG_FACTOR = 4;

/** A silence that common time-outs of proxies (30 and 60 s) may end, ms. */
const HEARTBEAT_MS = 25_000;

const oneEventLate: Rule = {
  code: 'one-event-late',
  rung: 4,
  severity: 'warning',
  known: 'Each event arrives only when the next one is sent.',
  recognised:
    `${LATE_LINE_ENDS} or more arrivals, and at least half of all, lack only the line end of their event, which comes ${LINE_END_MS} ms or more later ` +
    'with the next event. Or the clock in the payloads, or the server’s yields, show that each event arrives when the next one is made.',
  causes: [
    'The blank line is written before the next event instead of after this one.',
    'A writer, compressor or line buffer keeps the last bytes until more come.',
  ],
  advice: 'Write each event together with its blank line, then flush.',
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

/** Events arrive when the next one is generated: the delay after the next one is steady, after the own it varies. */
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
  // With one clock, a steady delay counts too.
  const isLate = shared
    ? usual >= LAG_SPREAD_MS && Math.abs(quantile(next, 0.5)) * LAG_FACTOR < usual
    : ownSpread >= LAG_SPREAD_MS && nextSpread * LAG_FACTOR < ownSpread;
  if (!isLate) return null;
  return {
    message: shared
      ? `Each event arrived ${duration(usual)} after its yield, when the next one was yielded.`
      : `Each event arrived when the next one was made: its delay after its own ${source} varies by ${duration(ownSpread)}, ` +
        `its delay after the next one's by ${duration(nextSpread)}.`,
    evidence: Array.from({ length: Math.min(3, length - 1) }, (_, seq) => ({ kind: 'event', seq }) as const),
  };
}

const stalled: Rule = {
  code: 'stalled',
  rung: 4,
  severity: 'info',
  known: 'It stops in the middle and continues later.',
  recognised:
    'No output (model delta, or event where there is no model) came for at least 1 s and 10 times the usual gap between ' +
    'arrivals. Keep-alive comments are not output.',
  causes: ['The model, a tool or a queue behind the server was slow.', 'A proxy or a buffer held the bytes.'],
  advice:
    'Compare with the server’s log: if it shows no silence, the bytes were held after the server sent them. Heartbeat ' +
    'comments keep proxies from closing a silent connection.',
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
  known: 'The connection drops after about 30 or 60 s while the model thinks.',
  recognised: `No byte came for ${HEARTBEAT_MS / 1000} s or more.`,
  advice:
    'Send a comment line (": keep-alive") every 15 s: proxies and load balancers close connections that are silent for 30 or 60 s.',
  test({ metrics: { longestQuiet } }) {
    if (longestQuiet === null || longestQuiet.ms < HEARTBEAT_MS) return null;
    const { at, ms } = longestQuiet;
    return { message: `No byte came for ${duration(ms)}.`, evidence: [{ kind: 'gap', at, ms }] };
  },
};

const servedFromCache: Rule = {
  code: 'served-from-cache',
  rung: 4,
  severity: 'info',
  known: 'An old answer is repeated, all at once.',
  recognised:
    'A header field says that a cache answered: HIT in a cache status field, two ids in X-Varnish, or an Age more than 1 s ' +
    'above the time since the request.',
  advice:
    'If the answer should be fresh, send Cache-Control: no-store, and turn off caching of event streams in every proxy.',
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
