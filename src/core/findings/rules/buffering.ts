import type { Decider, FindingEvidence } from '../finding.ts';
import { BURST_EVENTS, TORN_LONG_MS, TORN_MS } from '../facts/arrivals.ts';
import type { ClaimedSpan } from '../facts/clocks.ts';
import type { Diagnosed } from '../facts/stream-facts.ts';
import type { Observation, Rule } from '../rule.ts';
import { cacheSign } from './cache-sign.ts';
import { duration, plural, size, within } from '../../text/wording.ts';

/*
 * Thresholds, with what they were measured against: captures of real servers and proxies on loopback, healthy and
 * broken (`docs/diagnosis-cases.md`).
 */

/** Fewer outputs can come at once from a healthy model: the shortest held stream measured has 20. */
const BUFFERED_OUTPUTS = 8;
/** Outputs a second that no model reaches: a fast healthy one was measured at 2,670, held streams at 7,500 and more. */
const BUFFERED_RATE = 5000;
/** A wait in which the outputs can have been made, ms: held streams waited 2,000 and more, warm caches under 100. */
const BUFFERED_WAIT_MS = 1000;
/** A compressor's header before any text, ms: flushing ones are under 25, holding ones over 3,000. */
const HELD_CODER_MS = 500;
/** Outputs in a coded body that came at once, and events in one uncoded chunk: a model's burst has up to 10. */
const CODED_OUTPUTS = 20;
const PIECE_EVENTS = 8;
/** Claimed time against arrival: healthy streams agree within 5 %, paced fakes have 3.8 times. */
const CLAIM_FACTOR = 3;
const CLAIM_MORE_MS = 300;

/** Arrivals that a judgement about their ends needs; or fewer, where the delay is long. */
const TORN_ARRIVALS = 3;
const TORN_FEW = 2;
/** Events an uncoded arrival and bytes a coded one at least, so that slow links stay silent: they deliver one segment. */
const TORN_EVENTS = 3;
const TORN_CODED_BYTES = 8 * 1024;
/**
 * The payload of one packet, at most: a slow link delivers packets that end anywhere in an event, as a buffer of that size
 * would. Of 150 simulated slow links 14 had three and more events a packet; the buffers measured have 4096 bytes and more.
 */
const PACKET_BYTES = 1500;
/** Bursts of whole events, and the time between them, ms: haproxy corks for 200 ms; fast networks batch within 40. */
const BURSTS = 5;
const BURST_GAP_MS = 80;

/** What decides whether a proxy holds a stream. */
export const pastTheProxy: Decider = {
  probe: null,
  text: 'Send the same request straight to the server, without the proxy, and compare: check URL --against FILE.',
};
const uncoded: Decider = {
  probe: 'identity',
  text:
    'Send the same request with Accept-Encoding: identity. If it then arrives smoothly, the compressor held it; if not, ' +
    'something else did.',
};

const bufferCauses = [
  'A reverse proxy buffers the response.',
  'The application, or a middleware, collects the whole body before it sends any of it.',
];
const coderCauses = [
  'A compressor is not flushed after each event.',
  'A reverse proxy buffers the response before or after it is compressed.',
];

const bufferAdvice =
  'Turn off buffering in every proxy (nginx: X-Accel-Buffering: no, or proxy_buffering off). In the application, flush after ' +
  'each event, and use no middleware that collects the body.';
const coderAdvice =
  'Do not compress text/event-stream (Cache-Control: no-transform helps), or flush the compressor after each event.';

/** What an observation of a coded body says besides. */
const coder = { causes: coderCauses, advice: coderAdvice, decider: uncoded };

/** Everything at once: the stream was held until it was whole. */
export const responseBuffered: Rule = {
  code: 'response-buffered',
  rung: 4,
  severity: 'warning',
  known: 'Everything arrives at once. It works locally but not in production.',
  recognised:
    `${BUFFERED_OUTPUTS} or more outputs (model deltas, or events where there is no model) come at over ${BUFFERED_RATE} a second, the first of ` +
    `them ${BUFFERED_WAIT_MS / 1000} s or more after the request, and no cache says that it answered. A warning if there is also a Content-Length, ` +
    `a compressed body whose first bytes came ${HELD_CODER_MS} ms or more before any text, ${CODED_OUTPUTS} or more outputs in a compressed body, or ` +
    `${PIECE_EVENTS} or more events in one uncompressed chunk; info otherwise. Also a warning: a clock in the payloads, or the server's yields, show ` +
    `that making the stream took over ${CLAIM_FACTOR} times as long as its arrival, and over ${CLAIM_MORE_MS} ms longer.`,
  causes: bufferCauses,
  advice: bufferAdvice,
  decider: pastTheProxy,
  test(diagnosed) {
    return fromBehind(diagnosed, heldByClock(diagnosed) ?? heldAtOnce(diagnosed));
  },
};

function heldByClock(diagnosed: Diagnosed): Observation | null {
  const { claimed } = diagnosed.facts.clocks;
  if (claimed === null) return null;
  const outputs = outputsOf(diagnosed);
  const arrived = claimed.arrived ?? outputs?.span ?? null;
  if (arrived === null) return null;
  if (claimed.claimed <= arrived * CLAIM_FACTOR || claimed.claimed - arrived <= CLAIM_MORE_MS) return null;
  const count = outputs === null ? '' : `: ${plural(outputs.count, outputs.noun)}`;
  return {
    message:
      `${claimOf(claimed)} that making the stream took ${duration(claimed.claimed)}, and it arrived ` +
      `${within(arrived)}${count}.`,
    evidence: [
      ...(claimed.seq === null ? [] : [{ kind: 'event', seq: claimed.seq } as const]),
      ...chunksOf(diagnosed),
    ],
    ...(diagnosed.facts.coding === null ? {} : coder),
  };
}

function claimOf({ source }: ClaimedSpan): string {
  if (source === 'yields') return 'The yields of the server show';
  return source === 'yield lines' ? 'The server’s yield lines show' : `${source} in the payloads says`;
}

function heldAtOnce(diagnosed: Diagnosed): Observation | null {
  const { facts } = diagnosed;
  const outputs = outputsOf(diagnosed);
  if (outputs === null || outputs.count < BUFFERED_OUTPUTS || cacheSign(facts) !== null) return null;
  if (outputs.firstAt < BUFFERED_WAIT_MS || outputs.count <= (BUFFERED_RATE * outputs.span) / 1000)
    return null;
  const { coding, arrivals } = facts;
  const seen = `${plural(outputs.count, outputs.noun)} came ${within(outputs.span)}, ${duration(outputs.firstAt)} after the request`;
  const evidence = chunksOf(diagnosed);
  const length = facts.header('content-length');
  if (length !== null && facts.header('transfer-encoding') === null) {
    return {
      message: `${seen}. The response has Content-Length: ${length}, so its last byte was known before its first was sent.`,
      evidence: [{ kind: 'header', name: 'content-length', value: length }, ...evidence],
      causes: [
        'The application builds the whole answer before it sends any of it.',
        'A proxy or a middleware reads the whole body to set Content-Length.',
      ],
    };
  }
  const { firstWireAt, firstByteAt, firstWireBytes } = arrivals;
  if (coding !== null) {
    const ahead = firstWireAt === null || firstByteAt === null ? 0 : firstByteAt - firstWireAt;
    if (ahead >= HELD_CODER_MS) {
      return {
        message: `${seen}. The first ${plural(firstWireBytes, 'byte')} of the ${coding} coding came ${duration(ahead)} before any text.`,
        evidence,
        ...coder,
      };
    }
    if (outputs.count >= CODED_OUTPUTS)
      return { message: `${seen}, in a body coded with ${coding}.`, evidence, ...coder };
  }
  const { chunk, events } = arrivals.fullestChunk;
  if (coding === null && events >= PIECE_EVENTS) {
    return {
      message: `${seen}: ${plural(events, 'event')} in one chunk.`,
      evidence: [{ kind: 'chunks', first: chunk, last: chunk }],
    };
  }
  return {
    message: `${seen}, written one by one: the sender had them before it sent the first.`,
    evidence,
    severity: 'info',
    causes: [
      'The application makes the whole answer first and then sends it in pieces.',
      'The application answers from a cache of its own.',
    ],
    advice:
      'If the pieces are made one after the other, send each as soon as it is made. If they come from a cache, nothing is wrong.',
    decider: {
      probe: 'longer',
      text: 'Ask for a longer answer: if the wait grows with its length, the server makes the whole answer before it sends any of it.',
    },
  };
}

/** In lumps: a buffer on the way is sent on when it is full. */
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

function tornArrivals({ facts }: Diagnosed): Observation | null {
  const { arrivals, coding, events } = facts;
  const { torn, tornLong, tornDelays, count } = arrivals;
  // The last arrival is followed by nothing.
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

/** Pieces as small as packets may be packets. */
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

function wholeBursts({ facts: { arrivals } }: Diagnosed): Observation | null {
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

/** The model's deltas, or the events of a stream without a dialect: how many, the first, and from there to the last, ms. */
function outputsOf({ metrics, facts }: Diagnosed): {
  readonly count: number;
  readonly noun: string;
  readonly firstAt: number;
  readonly span: number;
} | null {
  const { deltas, firstTokenAt, lastTokenAt, firstEventAt, lastEventAt, dialect } = metrics;
  if (dialect !== null) {
    if (firstTokenAt === null || lastTokenAt === null) return null;
    return { count: deltas, noun: 'delta', firstAt: firstTokenAt, span: lastTokenAt - firstTokenAt };
  }
  if (firstEventAt === null || lastEventAt === null) return null;
  return { count: facts.events, noun: 'event', firstAt: firstEventAt, span: lastEventAt - firstEventAt };
}

/** Servers that are proxies where they stand in front of an application. */
const proxies =
  /^(nginx|openresty|varnish|envoy|istio-envoy|cloudflare|caddy|haproxy|awselb|cloudfront|lighttpd|apache|h2o|squid|traefik)\b/i;

/** An observation with the proxy that names itself in Via or Server, where there is one: that does not say who held it. */
function fromBehind({ facts }: Diagnosed, found: Observation | null): Observation | null {
  if (found === null) return null;
  for (const name of ['via', 'server']) {
    const value = facts.header(name);
    if (value === null || (name === 'server' && !proxies.test(value))) continue;
    return {
      ...found,
      message: `${found.message} It came from behind ${value}.`,
      evidence: [...found.evidence, { kind: 'header', name, value }],
    };
  }
  return found;
}

/** The chunk that completed the most events, or all chunks where none completed several. */
function chunksOf({ facts: { chunks, arrivals } }: Diagnosed): FindingEvidence[] {
  const { fullestChunk } = arrivals;
  if (fullestChunk.events > 1)
    return [{ kind: 'chunks', first: fullestChunk.chunk, last: fullestChunk.chunk }];
  return chunks === 0 ? [] : [{ kind: 'chunks', first: 0, last: chunks - 1 }];
}
