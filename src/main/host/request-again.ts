import { completeAddress } from '../../contract/complete-address.ts';
import type { ConnectParams } from '../../contract/connect-params.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { EditableRequest } from '../../contract/sent-request.ts';
import { redactRequest } from '../../core/capture/redact.ts';
import type { CaptureRequest } from '../../core/capture/record.ts';
import { isSecretParameter, REDACTED } from '../../core/capture/secret-name.ts';
import { parseStreamRequest, type StreamRequest } from '../client/stream-request.ts';
import type { SentRequest } from './sent-requests.ts';

/*
 * The request of a capture, taken up again. Secrets that this process still holds are filled in here and never leave it;
 * they go to the origin that they were sent to, and to no other.
 */

/** Fields that other programs record and that the connection sets itself. */
const ofConnection =
  /^(?::.*|connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/**
 * The request of a stored capture, to be sent exactly as it was. Throws a `Refusal`: `secrets-missing` where something was
 * redacted, `not-available` where there is no request.
 */
export function storedRequestAgain(stored: CaptureRequest): SentRequest {
  if (!/^https?:/i.test(stored.url))
    throw new Refusal('not-available', 'The capture is of a file: there is no request to send.');
  const headers = stored.headers.filter(([name]) => !ofConnection.test(name));
  const { method, url, body, client } = stored;
  const asSent: ConnectParams = {
    url,
    method,
    client,
    headers: headers.map(([name, value]) => [name, value]),
    ...(body === undefined ? {} : { body }),
  };
  if (hasRedacted(asSent)) throw missing('The secrets of this request were not stored. Fill them in.');
  // Defaults that it was sent without stay away.
  const named = new Set(headers.map(([name]) => name.toLowerCase()));
  const parsed = parseStreamRequest(asSent);
  const request = { ...parsed, headers: parsed.headers.filter(([name]) => named.has(name.toLowerCase())) };
  return { params: storedParams({ ...stored, headers }), request };
}

/** The request of a capture, to be edited. */
export function editableRequest(stored: CaptureRequest, sent: SentRequest | null): EditableRequest {
  const headers = stored.headers.filter(([name]) => !ofConnection.test(name));
  if (sent === null) return { request: storedParams({ ...stored, headers }), secretsHeld: false };
  const { limits: _, secretsOf: __, ...request } = sent.params;
  return { request: { ...request, ...redacted(sent.params) }, secretsHeld: true };
}

/** A stored request without the header fields that its client added: those that it adds to a request without any. */
function storedParams({ method, url, headers, body, client }: CaptureRequest): EditableRequest['request'] {
  const parts = { method, url, client, ...(body === undefined ? {} : { body }) };
  const defaults = defaultsOf(parts);
  const own = headers.filter(
    ([name, value]) => !defaults.some(([key, standard]) => key === name && standard === value),
  );
  return own.length === 0 ? parts : { ...parts, headers: own.map(([name, value]) => [name, value]) };
}

function defaultsOf({ body, client }: ConnectParams): StreamRequest['headers'] {
  return parseStreamRequest({ url: 'http://localhost/', client, ...(body === undefined ? {} : { body }) })
    .headers;
}

/** What of a request can hold secrets, without them. */
function redacted(params: ConnectParams): Pick<ConnectParams, 'url' | 'headers' | 'body'> {
  const { url, headers, body } = redactRequest({
    method: params.method ?? 'GET',
    url: params.url,
    headers: params.headers ?? [],
    client: params.client,
    ...(params.body === undefined ? {} : { body: params.body }),
  });
  return {
    url,
    ...(params.headers === undefined ? {} : { headers: headers.map(([name, value]) => [name, value]) }),
    ...(body === undefined ? {} : { body }),
  };
}

/**
 * Fills what is `[redacted]` in from the request that it was taken over from. Throws a `Refusal` (`secrets-missing`) where
 * that is not known any more, belongs to another origin, or was changed around the secret.
 *
 * @param held null where the host does not hold it
 */
export function withHeldSecrets(params: ConnectParams, held: ConnectParams | null): ConnectParams {
  if (!hasRedacted(params)) return params;
  if (held === null) throw missing('The secrets of this request are not held any more. Fill them in.');
  const origin = originOf(held.url);
  if (originOf(params.url) !== origin)
    throw missing(`Secrets that were sent to ${origin} go nowhere else. Fill in those for this server.`);
  const hidden = redacted(held);
  const left = (held.headers ?? []).map(([name, value], index) => ({
    name: name.toLowerCase(),
    value,
    hidden: hidden.headers?.[index]?.[1],
  }));
  const headers = params.headers?.map(([name, value]): [string, string] => {
    const at = left.findIndex((field) => field.name === name.toLowerCase() && field.hidden === value);
    return at === -1 ? [name, value] : [name, left.splice(at, 1)[0]?.value ?? value];
  });
  const filled = {
    ...params,
    url: params.url === hidden.url ? held.url : withParameters(params.url, held.url),
    ...(headers === undefined ? {} : { headers }),
    ...(params.body !== undefined && params.body === hidden.body && held.body !== undefined
      ? { body: held.body }
      : {}),
  };
  const unfilled = partsRedacted(filled);
  if (unfilled.length > 0)
    throw missing(
      `Something was changed around a secret. Fill in what is redacted in ${unfilled.join(', ')}.`,
    );
  return filled;
}

/** Fills in the parameters of a query whose values are redacted, each from the one of the same name. */
function withParameters(url: string, held: string): string {
  const values = new Map(
    (/\?([^#]*)/.exec(held)?.[1] ?? '').split('&').map((parameter): [string, string] => {
      const equals = parameter.indexOf('=');
      return [parameter.slice(0, equals), parameter.slice(equals + 1)];
    }),
  );
  return url.replace(/([?&])([^?&=#]+)=\[redacted\]/g, (all, before: string, name: string) => {
    const value = values.get(name);
    return value === undefined || !isSecretParameter(name) ? all : `${before}${name}=${value}`;
  });
}

function hasRedacted(params: ConnectParams): boolean {
  return partsRedacted(params).length > 0;
}

function partsRedacted({ url, headers = [], body = '' }: ConnectParams): readonly string[] {
  return [
    ...(url.includes(REDACTED) || url.includes(encodeURIComponent(REDACTED)) ? ['the URL'] : []),
    ...headers.filter(([, value]) => value.includes(REDACTED)).map(([name]) => name),
    ...(body.includes(REDACTED) ? ['the body'] : []),
  ];
}

function missing(message: string): Refusal {
  return new Refusal('secrets-missing', message);
}

function originOf(url: string): string {
  const address = completeAddress(url);
  return URL.canParse(address) ? new URL(address).origin : '';
}
