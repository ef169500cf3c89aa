import { headerValue } from '../../headers.ts';
import type { Rule } from '../rule.ts';
import { plural } from '../../text/wording.ts';

/** A stream generated in the context of another request. */
export const contextLost: Rule = {
  code: 'context-lost',
  rung: 7,
  severity: 'error',
  known: 'A request logs, or answers with, the id or the user of another request.',
  recognised:
    'Log lines in the stream (docs/log-lines.md) name another context than the X-Request-Id that was sent, or two contexts in ' +
    'one response. Or the ladder’s check of contexts fails.',
  causes: [
    'The generator runs outside the request’s context, in a shared loop or in another thread.',
    'The context is in a variable that all requests share.',
  ],
  advice: 'Run the generator in the request’s context: AsyncLocalStorage, contextvars, stream_with_context.',
  decider: {
    probe: null,
    text: 'Run ladder --target URL --rung 7. It sends eight requests at once and checks that no stream names another request.',
  },
  test({ request, facts: { server } }) {
    const sent = headerValue(request.headers, 'x-request-id');
    const foreign = sent === null ? undefined : server.contexts.find(({ id }) => id !== sent);
    const [other] = server.otherContexts.first;
    if (foreign === undefined && other === undefined) return null;
    return foreign === undefined
      ? {
          message: `The stream began in context ${other?.first ?? ''} and continued in ${other?.id ?? ''}.`,
          evidence: server.otherContexts.first.map(({ seq }) => ({ kind: 'event', seq }) as const),
        }
      : {
          message: `The request was sent with X-Request-Id ${sent ?? ''}, but the stream names ${foreign.id}.`,
          evidence: [{ kind: 'event', seq: foreign.seq }],
        };
  },
};

/** Successive connections in which the count of open streams must grow: fewer may be due to other clients. */
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
        message:
          `Each reconnection found more streams open at the server: ${first.open} at first, ${last.open} after ` +
          `${plural(opens.length - 1, 'reconnection')}.`,
        evidence: [
          ...opens.slice(0, 4).map(({ seq }) => ({ kind: 'event', seq }) as const),
          { kind: 'end', reason: end?.reason ?? 'complete', error: null },
        ],
      };
    },
  };
}

/** The server continues for clients that have disconnected. */
export const abortNotPropagated = leftOpen('abort-not-propagated', true, {
  known: 'You pay for tokens after the user has left.',
  recognised:
    'Log lines in the stream (docs/log-lines.md) count more open streams after each broken connection. Or the ladder’s check that ' +
    'an abort reaches the upstream call fails.',
  causes: [
    'The server does not notice that the client has disconnected.',
    'The upstream call gets no abort signal.',
  ],
  advice:
    'Abort the upstream call when the client disconnects: with an AbortController, or in a finally of the generator.',
  decider: {
    probe: null,
    text: 'Run ladder --target URL --rung 7. It aborts streams and checks that the server closes them.',
  },
});

/** The server keeps the resources of streams that ended. */
export const resourcesLeftOpen = leftOpen('resources-left-open', false, {
  known: 'Sockets and memory grow until the server is restarted.',
  recognised:
    'Log lines in the stream (docs/log-lines.md) count more open streams after each response that ended. Or the ladder finds streams, ' +
    'calls, sockets or timers left open.',
  causes: ['A timer, listener or subscription of the stream is not released when the stream ends.'],
  advice: 'Release everything that the stream acquired in a finally (or defer, or close handler).',
  decider: { probe: null, text: 'Run ladder --target URL --rung 7. It counts what is left open.' },
});
