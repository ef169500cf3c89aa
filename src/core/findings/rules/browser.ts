import { stringMember } from '../../json/json-value.ts';
import { headerValue } from '../../headers.ts';
import { REDACTED } from '../../capture/secret-name.ts';
import { redactUrl } from '../../capture/redact-text.ts';
import { type DiagnosisInput } from '../facts/stream-facts.ts';
import type { Rule } from '../rule.ts';
import { duration } from '../../text/wording.ts';

/** Notes of the browser client about a fetch() that CORS stopped. */
const refusedOrigin = /Access-Control-Allow-Origin/;
/** Notes of the browser client about an EventSource that was not opened, or that refused the response. */
const notOpened = /^EventSource cannot send|^EventSource: refused for good/;
/** A stream that is open this long, in ms, can block other requests: browsers open six connections to a host. */
const LONG_LIVED_MS = 30_000;

const corsMissing: Rule = {
  code: 'cors-missing',
  rung: 2,
  severity: 'error',
  known: 'Blocked by CORS policy; works with curl.',
  recognised:
    'Client browser: a page of another origin could not read the response. Other clients: the request has an Origin, and ' +
    'the response’s Access-Control-Allow-Origin does not allow it. That is a warning, because only browsers enforce CORS.',
  advice:
    'Send Access-Control-Allow-Origin with the page’s origin, also on error responses and on the response to the OPTIONS preflight.',
  decider: {
    probe: 'browser',
    text: 'Open the URL with client browser: it shows whether a real browser lets the page read the response, and if not, why.',
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
  known: 'The token is in the URL, because EventSource cannot send headers.',
  recognised: 'The URL has a user name, or a parameter with the name of a secret, such as api_key.',
  advice:
    'URLs end up in logs, histories and Referer headers. Use a cookie, a short-lived token, or fetch(), which can send headers.',
  test({ request }) {
    const shown = redactUrl(request.url);
    if (!shown.includes(REDACTED) && !shown.includes(encodeURIComponent(REDACTED))) return null;
    return { message: 'The URL contains a secret.', evidence: [{ kind: 'url', url: shown }] };
  },
};

const notEventSourceCompatible: Rule = {
  code: 'not-eventsource-compatible',
  rung: 2,
  severity: 'info',
  known: 'It works with fetch() but not with EventSource.',
  recognised:
    'Client browser: fetch() read the stream, but EventSource cannot send the request’s method or headers, or refused the response.',
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
    'The response to a GET was open over HTTP/1.x for ' +
    `${LONG_LIVED_MS / 1000} s or more, and it is meant for browsers: it has Access-Control-Allow-Origin, or the client is eventsource. Browsers open at ` +
    'most six HTTP/1.1 connections to a host, over all tabs, and each event stream holds one.',
  advice:
    'Serve event streams over HTTP/2, share one stream between tabs, or close the streams of hidden tabs.',
  test({ request, facts }) {
    const { response, end } = facts;
    if (response === null || end?.at == null || !response.httpVersion.startsWith('HTTP/1.')) return null;
    // A response without CORS headers to another client may not be meant for browsers.
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

/** Whether CORS hid the response from the page: then nothing is known about it. */
export function isCorsRefusal({ request, facts: { response, end } }: DiagnosisInput): boolean {
  return request.client === 'browser' && response === null && refusedOrigin.test(end?.error?.message ?? '');
}
