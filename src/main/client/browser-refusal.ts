import { type HeaderList, firstHeaderValue } from '../../core/headers.ts';
import type { StreamRequest } from './stream-request.ts';
import type { PageObservation } from '../browser/browser.ts';

/**
 * What a page saw of a URL with fetch() and EventSource. Browsers say little about why one fails; together they say
 * more.
 */
export interface PageView {
  readonly request: StreamRequest;
  /** Origin of the page. */
  origin: string;
  /** The response as fetch() sees it. */
  response: { readonly status: number; readonly headers: HeaderList } | null;
  /** How EventSource ended; null while it runs. */
  sourceEnd: (PageObservation & { readonly kind: 'source-end' }) | null;
  /** The page's own content security policy blocked a connection. */
  blocked: boolean;
  /** Whether EventSource was opened. */
  readonly hasSource: boolean;
}

/** Explains to the user why fetch() got no response. `error` is its message. */
export function whyFetchFailed(view: PageView, error: string): string {
  const said = error.replace(/^fetch\(\) failed: /, '');
  const { host, origin } = view.request.url;
  // Any other message is about the request, and explains itself.
  if (!said.includes('Failed to fetch')) return `The browser does not send this request: ${said}`;
  // [spec] CSP3 §2.3.1: host-part has letters, digits and hyphens between dots.
  if (view.request.url.hostname.startsWith('['))
    return `${said}. A page cannot be allowed to connect to an IPv6 address: use a host name in the URL.`;
  if (view.blocked) {
    return `${said}. The page may connect to ${origin} only, and was redirected elsewhere: open the URL that it redirects to.`;
  }
  const forbidden =
    `the response does not allow this page’s origin ${view.origin} ` +
    `(no matching Access-Control-Allow-Origin)${preflight(view.request)}`;
  // EventSource gives up for good where it is refused, and would try again where nobody answers.
  if (view.sourceEnd?.refused === true) return `${said}: ${forbidden}.`;
  if (view.sourceEnd !== null) return `${said}: ${host} cannot be reached from the browser.`;
  return `${said}: ${forbidden}, or ${host} cannot be reached. A browser does not tell a page which of the two; the raw client does.`;
}

/** Explains to the user how EventSource ended. */
export function whySourceEnded({ sourceEnd, response, origin }: PageView): string {
  if (sourceEnd === null) return 'still open';
  const { error, refused, opened, events } = sourceEnd;
  const count = `${events} ${events === 1 ? 'event' : 'events'} dispatched`;
  if (error === null) return `closed by the page after fetch() ended, ${count}`;
  if (!refused) {
    const what = opened ? 'the stream ended' : 'no connection';
    return `${what}, ${count}; closed instead of reconnecting`;
  }
  if (response === null) {
    return `refused for good: the response does not allow the page’s origin ${origin}, its status is not 200, or its content type is not text/event-stream`;
  }
  // [spec] HTML §9.2.3: status 200 and `text/event-stream`, or "fail the connection".
  if (response.status !== 200) return `refused for good: the status is ${response.status}, not 200`;
  const type = firstHeaderValue(response.headers, 'content-type');
  const isStream = /^\s*text\/event-stream\s*(;|$)/i.test(type ?? '');
  return isStream
    ? 'refused for good, although fetch() got an event stream: the two requests got different responses'
    : `refused for good: the content type (MIME type) is ${type ?? 'missing'}, not text/event-stream`;
}

function preflight(request: StreamRequest): string {
  if (!needsPreflight(request)) return '';
  return ' or the response to the preflight (OPTIONS) does not allow this method and these header fields';
}

/** Whether a browser sends a CORS preflight first ([spec] Fetch, "CORS-preflight fetch"). */
export function needsPreflight({ method, headers }: Pick<StreamRequest, 'method' | 'headers'>): boolean {
  const simple = headers.every(
    ([name, value]) =>
      /^(accept|accept-language|content-language)$/i.test(name) ||
      (/^content-type$/i.test(name) &&
        /^(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\s*(;|$)/i.test(value)),
  );
  return !(simple && /^(GET|HEAD|POST)$/.test(method));
}
