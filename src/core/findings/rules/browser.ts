import { REDACTED } from '../../capture/secret-name.ts';
import { redactUrl } from '../../capture/redact-text.ts';
import { stringMember } from '../../json/json-access.ts';
import { type Diagnosed, headerValue } from '../facts/stream-facts.ts';
import type { Rule } from '../rule.ts';
import { duration } from '../../text/wording.ts';

/** The browser client says so where fetch() was refused. */
const refusedOrigin = /Access-Control-Allow-Origin/;
/** Where EventSource was not opened, or refused. */
const notOpened = /^EventSource cannot send|^EventSource: refused for good/;
/** A stream that holds one of a browser's six connections for this long is in the way of others, ms. */
const LONG_LIVED_MS = 30_000;

const corsMissing: Rule = {
  code: 'cors-missing',
  rung: 2,
  severity: 'error',
  known: 'Blocked by CORS policy; works with curl.',
  recognised:
    'A page of another origin could not read the response; or the request had an Origin and the response has no ' +
    'Access-Control-Allow-Origin for it (a warning: only a browser refuses it).',
  advice:
    'Answer with Access-Control-Allow-Origin for the page’s origin, also on errors and on the OPTIONS preflight.',
  decider: {
    probe: 'browser',
    text: 'Open the URL with client browser: it shows what the page’s fetch() and its preflight were refused.',
  },
  test(diagnosed) {
    const { request, facts } = diagnosed;
    const { response, end, notes } = facts;
    if (request.client === 'browser') {
      const refusal = end?.error?.message ?? '';
      if (!isCorsRefusal(diagnosed)) return null;
      return {
        message: refusal,
        evidence: [
          { kind: 'end', reason: end?.reason ?? 'error', error: refusal },
          ...notes
            .filter(({ fields }) => refusedOrigin.test(stringMember(fields, 'text') ?? ''))
            .slice(0, 2)
            .map(
              ({ at, fields }) => ({ kind: 'note', at, text: stringMember(fields, 'text') ?? '' }) as const,
            ),
        ],
        decider: null,
      };
    }
    const origin = headerValue(request.headers, 'origin');
    if (origin === null || response === null) return null;
    const allowed = facts.header('access-control-allow-origin');
    if (allowed !== null && (allowed.trim() === '*' || allowed.trim() === origin)) return null;
    return {
      message:
        allowed === null
          ? `The request came from origin ${origin}, and the response has no Access-Control-Allow-Origin.`
          : `The request came from origin ${origin}, and the response allows ${allowed}.`,
      evidence: [{ kind: 'header', name: 'access-control-allow-origin', value: allowed ?? '' }],
      severity: 'warning',
    };
  },
};

const credentialsInUrl: Rule = {
  code: 'credentials-in-url',
  rung: 2,
  severity: 'info',
  known: 'The token is in the query, because EventSource cannot send headers.',
  recognised: 'The address has a user name, or a parameter whose name stands for a secret.',
  advice:
    'Addresses end up in logs, histories and referrers. Use a cookie, a short-lived token, or fetch(), which can send headers.',
  test({ request }) {
    const shown = redactUrl(request.url);
    if (!shown.includes(REDACTED) && !shown.includes(encodeURIComponent(REDACTED))) return null;
    return { message: 'The address holds a secret.', evidence: [{ kind: 'url', url: shown }] };
  },
};

const notEventSourceCompatible: Rule = {
  code: 'not-eventsource-compatible',
  rung: 2,
  severity: 'info',
  known: 'It works with fetch() and not with EventSource.',
  recognised:
    'Client browser: fetch() got the stream, and EventSource could not send the method or headers, or refused the response.',
  advice:
    'Read the stream with fetch(), or offer a GET that needs no header fields and answers 200 with text/event-stream.',
  test({ request, facts: { notes, events } }) {
    if (request.client !== 'browser' || events === 0) return null;
    const found = notes.filter(({ fields }) => notOpened.test(stringMember(fields, 'text') ?? ''));
    if (found.length === 0) return null;
    return {
      message: found.map(({ fields }) => stringMember(fields, 'text') ?? '').join(' '),
      evidence: found
        .slice(0, 5)
        .map(({ at, fields }) => ({ kind: 'note', at, text: stringMember(fields, 'text') ?? '' }) as const),
    };
  },
};

const http1ConnectionLimit: Rule = {
  code: 'http1-connection-limit',
  rung: 2,
  severity: 'info',
  known: 'The seventh tab does not load.',
  recognised:
    `A GET for an event stream that a page may read was open over HTTP/1.1 for ${LONG_LIVED_MS / 1000} s or more. Browsers open at most six ` +
    'HTTP/1.1 connections to a host, over all tabs, and each event stream holds one.',
  advice: 'Serve event streams over HTTP/2, share one stream between tabs, or close those that are not seen.',
  test({ request, facts }) {
    const { response, end } = facts;
    if (response === null || end?.at == null || !response.httpVersion.startsWith('HTTP/1.')) return null;
    // Without leave for other origins and from a program, it need not be a stream for browsers at all.
    const isForPages =
      request.client === 'eventsource' || facts.header('access-control-allow-origin') !== null;
    const open = end.at - (response.at ?? 0);
    if (!isForPages || request.method !== 'GET' || facts.events === 0 || open < LONG_LIVED_MS) return null;
    return {
      message: `The stream held a connection of ${response.httpVersion} for ${duration(open)}.`,
      evidence: [{ kind: 'gap', at: response.at ?? 0, ms: open }],
    };
  },
};

/** The rules of rung 2: a browser receives it. */
export const browserRules: readonly Rule[] = [
  corsMissing,
  credentialsInUrl,
  notEventSourceCompatible,
  http1ConnectionLimit,
];

/** Whether the browser kept the response from the page, so that nothing is known of it. */
export function isCorsRefusal({ request, facts: { response, end } }: Diagnosed): boolean {
  return request.client === 'browser' && response === null && refusedOrigin.test(end?.error?.message ?? '');
}
