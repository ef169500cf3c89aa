import { REDACTED } from '../../capture/secret-name.ts';
import { redactUrl } from '../../capture/redact-text.ts';
import { stringMember } from '../../json/json-access.ts';
import type { Rule } from '../rule.ts';

/** The browser client says so where fetch() was refused. */
const refusedOrigin = /Access-Control-Allow-Origin/;
/** Where EventSource was not opened, or refused. */
const notOpened = /^EventSource (cannot send|: refused)|^EventSource: refused for good/;
/** A browser that had no free connection starts the request late, ms. */
const QUEUED_MS = 1000;

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
  test({ request, facts }) {
    const { response, end, notes } = facts;
    if (request.client === 'browser') {
      const refusal = end?.error?.message ?? '';
      const isRefused = response === null && refusedOrigin.test(refusal);
      if (!isRefused) return null;
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
    const origin = request.headers.find(([name]) => name.toLowerCase() === 'origin')?.[1];
    if (origin === undefined || response === null) return null;
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
  severity: 'warning',
  known: 'The seventh tab does not load.',
  recognised:
    'Client browser: the page asked, and the browser sent the request a second or more later, over HTTP/1.1. ' +
    'Browsers open at most six HTTP/1.1 connections to a host, and each event stream holds one.',
  advice: 'Serve event streams over HTTP/2, share one stream between tabs, or close those that are not seen.',
  test({ request, facts: { notes, response } }) {
    if (request.client !== 'browser' || response === null) return null;
    const queued = notes.find(({ fields }) => {
      const ms = fields['queued'];
      return typeof ms === 'number' && ms >= QUEUED_MS;
    });
    if (queued === undefined) return null;
    return {
      message: `The browser held the request back for ${(Number(queued.fields['queued']) / 1000).toFixed(1)} s before it sent it.`,
      evidence: [{ kind: 'note', at: queued.at, text: stringMember(queued.fields, 'text') ?? '' }],
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
