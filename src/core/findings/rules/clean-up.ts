import { headerValue } from '../facts/stream-facts.ts';
import type { Rule } from '../rule.ts';
import { plural } from '../../text/wording.ts';

/** A stream that was made in the context of another request. */
export const contextLost: Rule = {
  code: 'context-lost',
  rung: 7,
  severity: 'error',
  known: 'One request logs, or answers, with the id or the user of another.',
  recognised:
    'The log lines of the stream (docs/log-lines.md) say another context than the X-Request-Id that was sent, or two contexts in ' +
    'one response; or the ladder’s check of contexts fails.',
  causes: [
    'The generator runs outside of the request’s context, in a shared loop or a thread of its own.',
    'The context is kept in a variable that all requests share.',
  ],
  advice: 'Carry the context with the generator: AsyncLocalStorage, contextvars, stream_with_context.',
  decider: {
    probe: null,
    text: 'ladder --target URL --rung 7 opens eight requests at once and compares what each says.',
  },
  test({ request, facts: { server } }) {
    const sent = headerValue(request.headers, 'x-request-id');
    const foreign = sent === null ? undefined : server.contexts.find(({ id }) => id !== sent);
    const [other] = server.otherContexts.first;
    if (foreign === undefined && other === undefined) return null;
    return foreign === undefined
      ? {
          message: `The stream began in context ${other?.first ?? ''} and went on in ${other?.id ?? ''}.`,
          evidence: server.otherContexts.first.map(({ seq }) => ({ kind: 'event', seq }) as const),
        }
      : {
          message: `The request was sent as ${sent ?? ''}, and the stream says that it is ${foreign.id}.`,
          evidence: [{ kind: 'event', seq: foreign.seq }],
        };
  },
};

/** Connections, one after the other, whose count of open streams must grow: in fewer, other clients can explain it. */
export const GROWING_BODIES = 3;

function leftOpen(
  code: 'abort-not-propagated' | 'resources-left-open',
  wasAborted: boolean,
  words: Pick<Rule, 'known' | 'recognised' | 'causes' | 'advice' | 'decider'>,
): Rule {
  return {
    code,
    rung: 7,
    severity: 'warning',
    ...words,
    test({ facts: { server, end } }) {
      const { opens } = server;
      const [first] = opens;
      const last = opens.at(-1);
      if (first === undefined || last === undefined || opens.length < GROWING_BODIES) return null;
      const grows = opens.every(({ open }, n) => n === 0 || open > (opens[n - 1]?.open ?? 0));
      const aborted = opens.some(({ endBefore }) => endBefore !== null && endBefore !== 'complete');
      if (!grows || aborted !== wasAborted) return null;
      return {
        message: `Each reconnection found more streams open at the server: ${first.open} at first, ${last.open} after ${plural(opens.length - 1, 'reconnection')}.`,
        evidence: [
          ...opens.slice(0, 4).map(({ seq }) => ({ kind: 'event', seq }) as const),
          { kind: 'end', reason: end?.reason ?? 'complete', error: null },
        ],
      };
    },
  };
}

/** The server goes on for clients that have gone. */
export const abortNotPropagated = leftOpen('abort-not-propagated', true, {
  known: 'Tokens are paid for after the user has gone.',
  recognised:
    'Log lines of the stream (docs/log-lines.md) count more open streams after each broken connection; or the ladder’s check that ' +
    'an abort reaches the upstream call fails.',
  causes: ['The server does not watch for the client’s close.', 'The upstream call gets no abort signal.'],
  advice:
    'Abort the upstream call when the client closes: an AbortController, or a finally in the generator.',
  decider: {
    probe: null,
    text: 'ladder --target URL --rung 7 aborts streams and looks whether the server lets go of them.',
  },
});

/** The server keeps what streams that ended had taken. */
export const resourcesLeftOpen = leftOpen('resources-left-open', false, {
  known: 'Sockets and memory grow until the server is restarted.',
  recognised:
    'Log lines of the stream (docs/log-lines.md) count more open streams after each response that ended; or the ladder finds streams, ' +
    'calls, sockets or timers left open.',
  causes: ['A timer, listener or subscription of the stream is not released when it ends.'],
  advice: 'Release in the same finally (defer, close handler) what the stream took.',
  decider: { probe: null, text: 'ladder --target URL --rung 7 counts what is left open.' },
});
