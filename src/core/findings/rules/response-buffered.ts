import type { FindingEvidence } from '../finding.ts';
import type { ClaimedSpan } from '../facts/clocks.ts';
import type { DiagnosisInput } from '../facts/stream-facts.ts';
import type { Observation, Rule } from '../rule.ts';
import { bufferAdvice, bufferCauses, coder, fromBehind, pastTheProxy } from './buffering.ts';
import { cacheSign } from './cache-sign.ts';
import { duration, plural, within } from '../../text/wording.ts';

/*
 * Thresholds and the measurements behind them: captures of real servers and proxies on loopback, healthy and broken
 * (`docs/diagnosis-cases.md`).
 */

/** Fewer outputs can come at once from a healthy model: the shortest buffered stream measured has 20. */
const BUFFERED_OUTPUTS = 8;
/** Outputs per second that no model reaches: a fast healthy one has 2,670, buffered streams 7,500 and more. */
const BUFFERED_RATE = 5000;
/** A wait, in ms, in which the outputs may have been generated: buffered streams waited 2,000 and more, warm caches under 100. */
const BUFFERED_WAIT_MS = 1000;
/** ms from the header of the compressed data to the first text: under 25 with flushes, over 3,000 without. */
const HELD_CODER_MS = 500;
/** Outputs at once in a compressed body, and events in one uncompressed chunk: a model's burst has up to 10. */
const CODED_OUTPUTS = 20;
const PIECE_EVENTS = 8;
/** Claimed time relative to arrival: healthy streams agree within 5 %, paced fakes have a factor of 3.8. */
const CLAIM_FACTOR = 3;
const CLAIM_MORE_MS = 300;

/** Everything at once: the stream was buffered until it was complete. */
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

function heldByClock(diagnosed: DiagnosisInput): Observation | null {
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

function heldAtOnce(diagnosed: DiagnosisInput): Observation | null {
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

/** The model's deltas, or the events of a stream without a dialect: count, time of the first, and span to the last, ms. */
function outputsOf({ metrics, facts }: DiagnosisInput): {
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

/** The chunk that completed the most events, or all chunks if none completed several. */
function chunksOf({ facts: { chunks, arrivals } }: DiagnosisInput): FindingEvidence[] {
  const { fullestChunk } = arrivals;
  if (fullestChunk.events > 1)
    return [{ kind: 'chunks', first: fullestChunk.chunk, last: fullestChunk.chunk }];
  return chunks === 0 ? [] : [{ kind: 'chunks', first: 0, last: chunks - 1 }];
}
