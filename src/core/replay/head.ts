import type { HeaderList } from '../headers.ts';
import { headerValues } from '../headers.ts';
import type { Framing } from '../sse/block.ts';
import { type ReplayFault, faultAmount } from './fault.ts';
import type { Leg } from './legs.ts';

/** What a replay answers with, before the body. */
export interface ReplayHead {
  readonly status: number;
  readonly headers: HeaderList;
  /** Names of recorded header fields that cannot be sent: no client would have accepted them in this form. */
  readonly unsendable: readonly string[];
}

/**
 * [spec] RFC 9110 §7.6.1: fields of the connection, "removed or replaced before forwarding". `content-length` goes too: a
 * replay sends HTTP chunks, because only they keep the boundaries of the recorded ones.
 */
const hopByHop = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Fields that change what a client keeps about the host that sent them. The host is 127.0.0.1 here, which other programs
 * share: a stranger's capture must neither set nor clear their cookies, nor send a browser to another address.
 */
const ofTheHost = new Set([
  'alt-svc',
  'clear-site-data',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
]);

const contentTypes: Readonly<Record<Framing, string>> = {
  'event-stream': 'text/event-stream',
  ndjson: 'application/x-ndjson',
};

/**
 * The head of a recorded response, as it can be sent again: without the fields of its connection, and without
 * Content-Encoding where the capture has the decoded body. A body without a head gets a 200 and the type of its framing.
 */
export function replayHead(
  { response, isEncoded }: Pick<Leg, 'response' | 'isEncoded'>,
  framing: Framing,
  faults: readonly ReplayFault[],
): ReplayHead {
  const recorded = response?.headers ?? [
    ['Content-Type', contentTypes[framing]],
    ['Cache-Control', 'no-store'],
  ];
  const named = headerValues(recorded, 'connection').flatMap((value) => value.toLowerCase().split(/\s*,\s*/));
  const isWrongType = faultAmount(faults, 'wrong-content-type') !== null;
  const headers: (readonly [string, string])[] = [];
  const unsendable: string[] = [];
  for (const [name, value] of recorded) {
    const key = name.toLowerCase();
    if (hopByHop.has(key) || ofTheHost.has(key) || named.includes(key)) continue;
    if (key === 'content-encoding' && !isEncoded) continue;
    if (key === 'content-type' && isWrongType) continue;
    if (isFieldName.test(name) && isFieldValue.test(value)) headers.push([name, value]);
    else unsendable.push(name);
  }
  if (isWrongType) headers.push(['Content-Type', 'text/plain; charset=utf-8']);
  const isUnavailable = faultAmount(faults, 'http-status') !== null;
  return { status: isUnavailable ? 503 : (response?.status ?? 200), headers, unsendable };
}

/** [spec] RFC 9110 §5.6.2, `token`. */
const isFieldName = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** [spec] RFC 9110 §5.5, `field-value`. */
const isFieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
