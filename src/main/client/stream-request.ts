import { type HeaderList, headerValues } from '../../core/headers.ts';
import { completeAddress } from '../../contract/complete-address.ts';
import { type CaptureLimits, defaultCaptureLimits } from '../../contract/capture-limits.ts';
import type { ConnectParams } from '../../contract/connect-params.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureRequest, ClientName } from '../../core/capture/record.ts';
import { ACCEPTED_CODINGS } from './content-decoder.ts';
import { basicAuthorization } from './proxy.ts';

/** A valid request: the URL is absolute http or https, and header names and values are legal. */
export interface StreamRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: string | null;
  /** Accept any TLS certificate. */
  readonly insecure: boolean;
  /** Reconnect as [spec] HTML §9.2.3 defines. */
  readonly reconnect: boolean;
  /** ms of silence after which the connection ends with `timeout`; null for never. */
  readonly idleTimeout: number | null;
  /** When to stop recording. */
  readonly limits: CaptureLimits;
}

/** [spec] RFC 9110 §5.6.2: `token = 1*tchar`. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** [spec] RFC 9110 §5.5: VCHAR, obs-text, SP and HTAB. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** [spec] Fetch, "normalize a method": only these; others are sent unchanged. */
const NORMALIZED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);
/** The longest delay of a timer, ms (24 days): a longer one fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
/**
 * Fields that control the framing of the message. Only this program sets them, so that no proxy can read it
 * differently.
 */
const OWN_FIELDS = /^(transfer-encoding|keep-alive|upgrade|expect|te|trailer)$/i;

/** Header fields that Node clients send unless the user gives them. */
export const ownDefaults: HeaderList = [
  ['Cache-Control', 'no-store'],
  ['Accept-Encoding', ACCEPTED_CODINGS],
  ['User-Agent', 'sse-inspector'],
];

/**
 * Validates and completes a user's request: adds a missing scheme and default header fields, and moves credentials out
 * of the URL. Giving a default field an empty value removes it.
 * @throws Refusal `bad-url`, `bad-header` or `bad-request`, with a message that says what to change.
 */
export function parseStreamRequest(params: ConnectParams): StreamRequest {
  const url = parseUrl(params.url);
  const body = params.body === undefined || params.body === '' ? null : params.body;
  const method = parseMethod(params.method ?? (params.body === undefined ? 'GET' : 'POST'));
  const given = (params.headers ?? []).map(([name, value]) => parseHeader(name, value));
  checkFraming(given, body);
  const authorization = basicAuthorization(url);
  url.username = '';
  url.password = '';
  const defaults: HeaderList = [
    ['Accept', 'text/event-stream'],
    // A browser sends its own; from a page, each would need the server's permission (CORS).
    ...(params.client === 'browser' ? [] : ownDefaults),
    ...(body === null ? [] : ([['Content-Type', contentTypeOf(body)]] as const)),
    ...(authorization === null ? [] : ([['Authorization', authorization]] as const)),
  ];
  const named = new Set(given.map(([name]) => name.toLowerCase()));
  const removable = new Set(defaults.map(([name]) => name.toLowerCase()));
  return {
    url,
    method,
    headers: [
      ...defaults.filter(([name]) => !named.has(name.toLowerCase())),
      ...given.filter(([name, value]) => value !== '' || !removable.has(name.toLowerCase())),
    ],
    body,
    insecure: params.insecure ?? false,
    reconnect: params.reconnect ?? false,
    idleTimeout: params.idleTimeout === undefined ? null : Math.min(params.idleTimeout, LONGEST_TIMER),
    limits: {
      size: params.limits?.size ?? defaultCaptureLimits.size,
      ratio: params.limits?.ratio ?? defaultCaptureLimits.ratio,
    },
  };
}

/** The request for the header of a capture, including secrets. */
export function describedRequest(
  { method, url, headers, body }: Pick<StreamRequest, 'method' | 'url' | 'headers' | 'body'>,
  client: ClientName,
): CaptureRequest {
  return { method, url: url.href, headers, client, ...(body === null ? {} : { body }) };
}

/** Header fields, with those of `over` replacing fields of the same names. */
export function withHeaders(under: HeaderList, over: HeaderList): HeaderList {
  const named = new Set(over.map(([name]) => name.toLowerCase()));
  return [...under.filter(([name]) => !named.has(name.toLowerCase())), ...over];
}

function parseUrl(text: string): URL {
  const trimmed = text.trim();
  if (trimmed === '') throw new Refusal('bad-url', 'The URL is empty.');
  const absolute = completeAddress(trimmed);
  if (!URL.canParse(absolute)) throw new Refusal('bad-url', `Invalid URL: ${trimmed.slice(0, 200)}`);
  const url = new URL(absolute);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Refusal('bad-url', `Only http and https URLs are supported, not ${url.protocol}`);
  }
  // [spec] RFC 9110 §4.2.1: an empty host identifier is invalid; port 0 cannot be connected to.
  if (url.hostname === '' || url.port === '0')
    throw new Refusal('bad-url', `The URL has no valid host and port: ${trimmed}`);
  return url;
}

function parseMethod(text: string): string {
  const method = text.trim();
  if (!TOKEN.test(method)) throw new Refusal('bad-request', `Invalid HTTP method: ${JSON.stringify(text)}`);
  const upper = method.toUpperCase();
  if (upper === 'CONNECT')
    throw new Refusal('bad-request', 'CONNECT is not supported: its response has no body.');
  return NORMALIZED.has(upper) ? upper : method;
}

function parseHeader(name: string, value: string): readonly [string, string] {
  const trimmedName = name.trim();
  // [spec] RFC 9110 §5.5: "A field value does not include leading or trailing whitespace."
  const trimmed = value.replace(/^[\t ]+|[\t ]+$/g, '');
  if (!TOKEN.test(trimmedName))
    throw new Refusal('bad-header', `Invalid header name: ${JSON.stringify(name)}`);
  if (!FIELD_VALUE.test(trimmed)) {
    const what = /[\r\n\0]/.test(trimmed)
      ? 'a line break or NUL'
      : /[^\x00-\xff]/.test(trimmed)
        ? 'a character outside Latin-1'
        : 'a control character';
    throw new Refusal(
      'bad-header',
      `The value of ${trimmedName} contains ${what}, which is not allowed in a header.`,
    );
  }
  if (OWN_FIELDS.test(trimmedName)) {
    throw new Refusal('bad-header', `${trimmedName} cannot be set: the client controls it.`);
  }
  return [trimmedName, trimmed];
}

/** Rejects fields that make the message ambiguous: a wrong Content-Length, or a second Host. */
function checkFraming(headers: HeaderList, body: string | null): void {
  for (const field of ['host', 'content-length', 'connection']) {
    const values = headerValues(headers, field);
    if (values.length > 1) throw new Refusal('bad-header', `${field} can be given only once.`);
    const [value] = values;
    if (value === undefined) continue;
    const length = body === null ? 0 : Buffer.byteLength(body);
    if (field === 'content-length' && value !== String(length)) {
      throw new Refusal('bad-header', `Content-Length is ${value} but the body has ${length} bytes.`);
    }
    if (field === 'connection' && !/^(close|keep-alive)$/i.test(value)) {
      throw new Refusal('bad-header', 'Connection must be "close" or "keep-alive".');
    }
    if (field === 'host' && !/^[^\s/?#@\\]+$/.test(value))
      throw new Refusal('bad-header', `Invalid Host: ${JSON.stringify(value)}.`);
  }
}

/** JSON if the body is JSON, as model endpoints expect; otherwise the type that fetch() uses for a string. */
function contentTypeOf(body: string): string {
  try {
    JSON.parse(body);
    return 'application/json';
  } catch {
    return 'text/plain;charset=UTF-8';
  }
}
