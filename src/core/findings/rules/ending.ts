import type { FindingEvidence } from '../finding.ts';
import type { DiagnosisInput } from '../facts/stream-facts.ts';
import type { Rule } from '../rule.ts';
import { abortNotPropagated, contextLost, resourcesLeftOpen } from './clean-up.ts';
import { duration, plural } from '../../text/wording.ts';

/**
 * The shortest silence that may have ended the connection, in ms and as a multiple of the usual gap: nginx with a
 * time-out of 2 s closes 0.28 s early, varnish 1.9 s late.
 */
const IDLE_MS = 1650;
const IDLE_FACTOR = 5;
/** If the end of the message is unknown, only a silence as long as common time-outs is reported, ms. */
const IDLE_UNKNOWN_MS = 10_000;

/** Time limits of platforms, s: functions, gateways, workers. */
const TIME_LIMITS = [10, 15, 25, 26, 29, 30, 60, 90, 100, 120, 180, 300, 600, 900];
/** How far the end may be from a limit, ms: its clock starts when the request arrives there, and workers are stopped late. */
const EARLY_MS = 200;
const LATE_MS = 700;
const LATE_SHARE = 0.02;

const REPEATED_IDS = 2;
const REPEATED_PAYLOADS = 3;

const prematureClose: Rule = {
  code: 'premature-close',
  rung: 7,
  severity: 'error',
  known: 'The connection was reset; "terminated"; ERR_INCOMPLETE_CHUNKED_ENCODING.',
  recognised:
    'The connection closed before the end of the body, or the client timed out or failed. Info if the message was complete ' +
    'by then: nothing is missing.',
  causes: [
    'The server or its worker crashed or was killed.',
    'The server, a proxy or the platform has a time-out or a time limit.',
    'The application threw an exception in the middle of the stream.',
  ],
  advice: 'Look at the logs of the server and of each proxy at the time of the end.',
  decider: {
    probe: 'again',
    text:
      'Send it again. An end after the same time means a time limit; at the same byte, that the content there breaks it; ' +
      'anywhere else, a fault that comes and goes.',
  },
  test({ facts: { response, end }, messageEnd }) {
    if (response === null || end === null) return null;
    if (end.reason === 'complete' || end.reason === 'aborted') return null;
    const error = end.error?.message ?? null;
    const when = end.at === null ? '' : `, ${duration(end.at)} after the request`;
    const whole = messageEnd === 'complete';
    return {
      message: `${how(end.reason)}${when}.${whole ? ' The message was complete by then.' : ''}`,
      evidence: [{ kind: 'end', reason: end.reason, error }],
      severity: whole ? 'info' : 'error',
      ...(whole
        ? { causes: [], advice: 'Nothing is missing. End the response after the last event.', decider: null }
        : {}),
    };
  },
};

function how(reason: 'premature-close' | 'timeout' | 'error'): string {
  switch (reason) {
    case 'premature-close':
      return 'The connection closed before the body was complete';
    case 'timeout':
      return 'No more bytes came, and the client gave up';
    case 'error':
      return 'The stream ended with an error';
  }
}

const idleTimeoutClose: Rule = {
  code: 'idle-timeout-close',
  rung: 7,
  severity: 'warning',
  known: 'The connection drops after about 60 s while the model thinks.',
  recognised:
    `The body was cut off or its message is unfinished, after a silence of at least ${IDLE_MS / 1000} s and ${IDLE_FACTOR} times the usual gap. Info if only the ` +
    'close of the connection ended the body, nothing tells whether it was complete, and the silence lasted at least ' +
    `${IDLE_UNKNOWN_MS / 1000} s.`,
  causes: [
    'A proxy or load balancer has a time-out for silent connections (nginx proxy_read_timeout: 60 s).',
  ],
  advice: 'Send a heartbeat comment more often than the time-out, or raise the time-out.',
  decider: {
    probe: 'again',
    text: 'Send it again with a longer silence: a close after the same silence means a time-out.',
  },
  test(diagnosed) {
    const ending = unplannedEnd(diagnosed);
    if (ending === null || !isAfterSilence(diagnosed)) return null;
    const { tailSilence, lastByteAt } = diagnosed.facts.arrivals;
    if (tailSilence === null) return null;
    if (ending === 'maybe' && tailSilence < IDLE_UNKNOWN_MS) return null;
    return {
      message: `The connection was closed after ${duration(tailSilence)} without a byte.`,
      evidence: [{ kind: 'gap', at: lastByteAt ?? 0, ms: tailSilence }, endOf(diagnosed)],
      severity: ending === 'maybe' ? 'info' : 'warning',
    };
  },
};

const platformTimeLimit: Rule = {
  code: 'platform-time-limit',
  rung: 7,
  severity: 'info',
  known: 'The stream is cut off after exactly 10 s, whatever the answer.',
  recognised:
    `The body was cut off or its message is unfinished, bytes were still flowing, and the end is near ${TIME_LIMITS.join(', ')} s ` +
    `after the request: from ${EARLY_MS} ms before to ${LATE_MS} ms or ${LATE_SHARE * 100} % after, whichever is more.`,
  causes: ['A function, worker or gateway limits the time of a whole response.'],
  advice:
    'Look up the platform’s time limit for a response. Raise it, or serve the stream from a platform without one.',
  decider: {
    probe: 'longer',
    text: 'Ask for a longer answer: a cut after the same time means a time limit.',
  },
  test(diagnosed) {
    const { end } = diagnosed.facts;
    const ending = unplannedEnd(diagnosed);
    if (ending !== 'yes' || end?.at == null || isAfterSilence(diagnosed)) return null;
    const { at } = end;
    const limit = TIME_LIMITS.map((seconds) => seconds * 1000).find(
      (ms) => at >= ms - EARLY_MS && at <= ms + Math.max(LATE_MS, ms * LATE_SHARE),
    );
    if (limit === undefined) return null;
    return {
      message: `The stream was cut ${duration(at)} after the request while bytes were flowing: near ${limit / 1000} s.`,
      evidence: [endOf(diagnosed)],
    };
  },
};

const lastEventIdIgnored: Rule = {
  code: 'last-event-id-ignored',
  rung: 7,
  severity: 'warning',
  known: 'After a reconnection, old events come again.',
  recognised:
    `The client reconnected with Last-Event-ID, and ${REPEATED_IDS} or more events came whose ids had come before. Info if ` +
    'it was only one.',
  causes: ['The server does not read Last-Event-ID.', 'A proxy does not pass it on.'],
  advice: 'Read Last-Event-ID and continue after that event. A server that cannot do so should send no ids.',
  test({ facts: { reconnections } }) {
    const { worst } = reconnections;
    if (worst === null || worst.lastEventId === '' || worst.ids === 0) return null;
    const once = worst.ids < REPEATED_IDS;
    return {
      message: `Last-Event-ID "${worst.lastEventId}" was sent, and ${once ? 'that event' : plural(worst.ids, 'event')} came again.`,
      evidence: [{ kind: 'event', seq: worst.seq }, reconnectNote(worst.at, worst.lastEventId)],
      severity: once ? 'info' : 'warning',
    };
  },
};

const duplicateAfterReconnect: Rule = {
  code: 'duplicate-after-reconnect',
  rung: 7,
  severity: 'warning',
  known: 'The answer appears twice.',
  recognised:
    `After a reconnection, the first ${REPEATED_PAYLOADS} or more events equal the first of the response before. Fewer may ` +
    'be a greeting. Not reported if their ids had come before as well: that is last-event-id-ignored.',
  causes: [
    'The events have no ids, so the server cannot know where to continue.',
    'The server starts from the beginning on each connection.',
  ],
  advice:
    'Send ids and continue after Last-Event-ID. Or close the EventSource when the stream has ended, so that it does not reconnect.',
  test({ facts: { reconnections } }) {
    const { worst } = reconnections;
    if (worst === null || worst.payloads < REPEATED_PAYLOADS) return null;
    // With ids, last-event-id-ignored reports it.
    if (worst.lastEventId !== '' && worst.ids >= REPEATED_IDS) return null;
    return {
      message: `After the reconnection ${plural(worst.payloads, 'event')} came again.`,
      evidence: [{ kind: 'event', seq: worst.seq }, reconnectNote(worst.at, worst.lastEventId)],
    };
  },
};

/** The rules of rung 7: how the stream ended, and what a reconnection gave. */
export const endingRules: readonly Rule[] = [
  prematureClose,
  idleTimeoutClose,
  platformTimeLimit,
  abortNotPropagated,
  contextLost,
  resourcesLeftOpen,
  lastEventIdIgnored,
  duplicateAfterReconnect,
];

/**
 * Whether the stream ended too early: `yes` if the body was cut off or the message is unfinished; `maybe` if only the
 * close of the connection ended it and nothing shows whether it was complete; else null.
 */
function unplannedEnd({ facts, messageEnd }: DiagnosisInput): 'yes' | 'maybe' | null {
  const { end, response } = facts;
  if (end === null || response === null || end.reason === 'aborted' || end.reason === 'timeout') return null;
  if (messageEnd === 'complete' || messageEnd === 'failed') return null;
  if (end.reason !== 'complete' || messageEnd === 'unfinished') return 'yes';
  // [spec] RFC 9112 §6.3: without either the body ends with the connection.
  const isDelimited = facts.header('content-length') !== null || facts.header('transfer-encoding') !== null;
  return isDelimited || !response.httpVersion.startsWith('HTTP/1') ? null : 'maybe';
}

function isAfterSilence({ facts: { arrivals } }: DiagnosisInput): boolean {
  const { tailSilence, gaps } = arrivals;
  return tailSilence !== null && tailSilence >= IDLE_MS && tailSilence >= IDLE_FACTOR * gaps.quantile(0.5);
}

function endOf({ facts: { end } }: DiagnosisInput): FindingEvidence {
  return { kind: 'end', reason: end?.reason ?? 'complete', error: end?.error?.message ?? null };
}

function reconnectNote(at: number | null, id: string): FindingEvidence {
  return {
    kind: 'note',
    at,
    text: id === '' ? 'reconnected without Last-Event-ID' : `reconnected with Last-Event-ID ${id}`,
  };
}
