import { BURST_EVENTS, TORN_LONG_MS, TORN_MS } from '../facts/arrivals.ts';
import type { DiagnosisInput } from '../facts/stream-facts.ts';
import type { Observation, Rule } from '../rule.ts';
import { bufferAdvice, coder, fromBehind, pastTheProxy } from './buffering.ts';
import { duration, size } from '../../text/wording.ts';

/*
 * Thresholds and the measurements behind them: captures of real servers and proxies on loopback, healthy and broken
 * (`docs/diagnosis-cases.md`).
 */

/** The least arrivals for a judgement about their ends; fewer if the delay is long. */
const TORN_ARRIVALS = 3;
const TORN_FEW = 2;
/** The least events of an uncompressed arrival and bytes of a compressed one. Slow links, which deliver single segments, have fewer. */
const TORN_EVENTS = 3;
const TORN_CODED_BYTES = 8 * 1024;
/**
 * The largest payload of one packet: on a slow link packets end anywhere in an event, as with a buffer of that size. Of
 * 150 simulated slow links 14 had three or more events per packet; the measured buffers have 4096 bytes or more.
 */
const PACKET_BYTES = 1500;
/** Bursts of whole events, and the time between them, ms: haproxy corks for 200 ms; fast networks batch within 40. */
const BURSTS = 5;
const BURST_GAP_MS = 80;

/** In bursts: a buffer is sent only when it is full. */
export const coalescedDelivery: Rule = {
  code: 'coalesced-delivery',
  rung: 4,
  severity: 'warning',
  known: 'It arrives in bursts.',
  recognised:
    `There are ${TORN_ARRIVALS} or more arrivals, and at least half of them end inside an event whose rest comes ${TORN_MS} ms or more later; or there are ` +
    `${TORN_FEW}, and all but the last end so, with a rest ${TORN_LONG_MS} ms or more later. On average an arrival has at least ${TORN_EVENTS} events, or ` +
    `${size(TORN_CODED_BYTES)} if the body is compressed. Info if uncompressed arrivals have at most ${PACKET_BYTES} bytes on average, because a slow link ` +
    `looks the same. Also info: ${BURSTS} or more arrivals of ${BURST_EVENTS} or more whole events, ${BURST_GAP_MS} ms or more apart, because a model that makes ` +
    'several tokens at a time looks the same.',
  causes: ['A buffer of fixed size between server and client is sent only when it is full.'],
  advice: bufferAdvice,
  decider: pastTheProxy,
  test(diagnosed) {
    return fromBehind(diagnosed, tornArrivals(diagnosed) ?? wholeBursts(diagnosed));
  },
};

function tornArrivals({ facts }: DiagnosisInput): Observation | null {
  const { arrivals, coding, events } = facts;
  const { torn, tornLong, tornDelays, count } = arrivals;
  // Nothing follows the last arrival.
  const judged = count - 1;
  const isMost = count >= TORN_ARRIVALS && torn.count * 2 >= judged && torn.count >= TORN_FEW;
  const isAll = judged >= 1 && count >= TORN_FEW && tornLong >= judged;
  if (!isMost && !isAll) return null;
  if (coding === null ? events < TORN_EVENTS * count : arrivals.meanBytes < TORN_CODED_BYTES) return null;
  const common = arrivals.commonSize;
  const sizes =
    common !== null && common.count * 2 >= judged && common.count > 1
      ? `${common.count} of ${count} arrivals have exactly ${size(common.bytes)}`
      : `arrivals have ${size(arrivals.meanBytes)} on average`;
  const delay = duration(tornDelays.quantile(0.5));
  return {
    message:
      `${torn.count} of ${judged} arrivals end inside an event, whose rest came ${delay} later; ${sizes}, with ` +
      `${(events / count).toFixed(0)} events each.`,
    evidence: torn.first.map(({ first, last }) => ({ kind: 'chunks', first, last })),
    ...(coding === null
      ? packets(arrivals.meanBytes)
      : {
          ...coder,
          causes: [
            'A compressor is not flushed after each event: it sends when its window is full.',
            'A buffer of fixed size between server and client is sent only when it is full.',
          ],
        }),
  };
}

/** Arrivals as small as packets may be packets. */
function packets(meanBytes: number): Partial<Observation> {
  if (meanBytes > PACKET_BYTES) return {};
  return {
    severity: 'info',
    causes: [
      'The network is slower than the stream: each packet waits for the one before it.',
      'A buffer of fixed size between server and client is sent only when it is full.',
    ],
    advice:
      'Compare the bytes per second with what the connection can carry. If it can carry more, look for a small buffer ' +
      'between server and client.',
  };
}

function wholeBursts({ facts: { arrivals } }: DiagnosisInput): Observation | null {
  const { bursts, burstGaps, burstEvents, count } = arrivals;
  if (bursts.count < BURSTS || bursts.count * 2 < count) return null;
  const gap = burstGaps.quantile(0.5);
  if (gap < BURST_GAP_MS) return null;
  return {
    message: `${Math.round(burstEvents / bursts.count)} whole events at a time, every ${duration(gap)}, ${bursts.count} times.`,
    evidence: bursts.first.map(({ first, last }) => ({ kind: 'chunks', first, last })),
    severity: 'info',
    causes: [
      'The model makes several tokens at a time.',
      'The application collects events and sends them at intervals.',
      'A proxy waits for more before it sends (haproxy without option http-no-delay: 200 ms).',
    ],
    advice:
      'If the server yields events one by one, look for what collects them: TCP corking, a timer, a batch.',
  };
}
