import { type HeaderList, firstHeaderValue } from '../../core/headers.ts';
import type { CaptureError } from '../../core/capture/record.ts';
import { isSecretName } from '../../core/capture/secret-name.ts';
import { basicAuthorization } from './proxy.ts';
import type { StreamRequest } from './stream-request.ts';

/** What to do with a response that may be a redirect. */
export type RedirectDecision =
  /** Not a redirect. */
  | { readonly kind: 'none' }
  | { readonly kind: 'follow'; readonly request: StreamRequest; readonly credentialsDropped: boolean }
  | { readonly kind: 'refuse'; readonly error: CaptureError };

/** [spec] Fetch, HTTP-redirect fetch: "If request's redirect count is 20, then return a network error." */
const MAX_REDIRECTS = 20;

/** [spec] Fetch: "A redirect status is a status that is 301, 302, 303, 307, or 308." */
const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

/** [spec] Fetch, "request-body-header name", and Content-Length. Dropped together with the body. */
const BODY_HEADERS = /^content-(encoding|language|location|type|length)$/i;

/**
 * Whether a header field must not be sent to another origin. Fetch drops Authorization only; other secrets and Host
 * must not be sent either.
 */
function isForOriginOnly(name: string): boolean {
  return isSecretName(name) || /^host$/i.test(name);
}

/** Decides as [spec] Fetch, HTTP-redirect fetch, with http and https only. */
export function redirectOf(
  request: StreamRequest,
  status: number,
  headers: HeaderList,
  count: number,
): RedirectDecision {
  const location = firstHeaderValue(headers, 'location');
  if (!REDIRECT_STATUSES.has(status) || location === null) return { kind: 'none' };
  // Servers send UTF-8 in Location; header values have one character per byte.
  const text = Buffer.from(location, 'latin1').toString('utf8');
  if (!URL.canParse(text, request.url.href)) {
    return refuse(
      'REDIRECT_INVALID',
      `The redirect from ${shown(request.url)} leads to an invalid URL: ${text}`,
    );
  }
  const url = new URL(text, request.url.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refuse(
      'REDIRECT_SCHEME',
      `The redirect from ${shown(request.url)} leads to ${url.protocol}, which is neither http nor https.`,
    );
  }
  if (count >= MAX_REDIRECTS) {
    const message = `Redirected ${MAX_REDIRECTS} times, last from ${shown(request.url)} to ${shown(url)}: probably a redirect loop.`;
    return refuse('TOO_MANY_REDIRECTS', message);
  }
  // [spec] "If locationURL's fragment is null, then set locationURL's fragment to request's current URL's fragment."
  if (url.hash === '') url.hash = request.url.hash;
  return { kind: 'follow', ...redirected(request, status, url) };
}

function redirected(
  request: StreamRequest,
  status: number,
  url: URL,
): { request: StreamRequest; credentialsDropped: boolean } {
  // [spec] "if one of the following is true: … status is 301 or 302 and request's method is `POST`; … status is 303 and
  // request's method is not `GET` or `HEAD` then: set request's method to `GET` and request's body to null."
  const becomesGet =
    ((status === 301 || status === 302) && request.method === 'POST') ||
    (status === 303 && request.method !== 'GET' && request.method !== 'HEAD');
  const crossesOrigin = url.origin !== request.url.origin;
  const kept = request.headers.filter(
    ([name]) => !(becomesGet && BODY_HEADERS.test(name)) && !(crossesOrigin && isForOriginOnly(name)),
  );
  const credentialsDropped = crossesOrigin && request.headers.some(([name]) => isForOriginOnly(name));
  const authorization = basicAuthorization(url);
  const headers =
    authorization === null
      ? kept
      : [
          ...kept.filter(([name]) => !/^authorization$/i.test(name)),
          ['Authorization', authorization] as const,
        ];
  url.username = '';
  url.password = '';
  const changed = becomesGet ? { method: 'GET', body: null } : {};
  return { request: { ...request, ...changed, url, headers }, credentialsDropped };
}

function refuse(code: string, message: string): RedirectDecision {
  return { kind: 'refuse', error: { code, message } };
}

/** A URL without its query, which may contain a key. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
