import { firstHeaderValue, type HeaderList, headerValues } from '../headers.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { CaptureRequest, NoteRecord, ResponseRecord } from '../capture/record.ts';

/*
 * The parts of an entry of an HTTP archive (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/) that come from a
 * capture: functions from records to JSON.
 */

/** `request` of an entry. */
export function harRequest(request: CaptureRequest, httpVersion: string): JsonObject {
  const { method, url, headers, body } = request;
  const postData =
    body === undefined
      ? {}
      : {
          postData: {
            mimeType: firstHeaderValue(headers, 'content-type') ?? 'application/octet-stream',
            text: body,
          },
        };
  return {
    method,
    url,
    httpVersion,
    cookies: requestCookies(headers),
    headers: pairs(headers),
    queryString: queryString(url),
    headersSize: -1,
    bodySize: body === undefined ? 0 : new TextEncoder().encode(body).length,
    ...postData,
  };
}

/** `response` of an entry without `content` and `bodySize`. An unknown response has status 0, as browsers write it. */
export function harResponse(response: ResponseRecord | null): JsonObject {
  const headers = response?.headers ?? [];
  return {
    status: response?.status ?? 0,
    statusText: '',
    httpVersion: response?.httpVersion || 'unknown',
    cookies: responseCookies(headers),
    headers: pairs(headers),
    redirectURL: firstHeaderValue(headers, 'location') ?? '',
    headersSize: -1,
  };
}

/** `timings` of an entry, and `time`, their sum; ms. Unknown values are -1, or 0 where -1 is not allowed. */
export function harTimings(
  notes: readonly NoteRecord[],
  responseAt: number | null,
  lastAt: number | null,
  startAt: number,
): { readonly time: number; readonly timings: JsonObject } {
  const phase = (name: string): number => {
    const found = notes.find((note) => note.note === 'phase' && note.fields['phase'] === name);
    const ms = found?.fields['ms'];
    return typeof ms === 'number' && ms >= 0 ? ms : -1;
  };
  const dns = phase('lookup');
  const ssl = phase('tls');
  const tcp = phase('connect');
  // "ssl … If this field is defined then the time is also included in the connect field."
  const connect = tcp < 0 ? ssl : tcp + Math.max(ssl, 0);
  const firstAt = responseAt ?? lastAt ?? startAt;
  const wait = Math.max(0, firstAt - startAt - Math.max(dns, 0) - Math.max(connect, 0));
  const receive = Math.max(0, (lastAt ?? firstAt) - firstAt);
  const time = Math.max(dns, 0) + Math.max(connect, 0) + wait + receive;
  return { time, timings: { blocked: -1, dns, connect, send: 0, wait, receive, ssl } };
}

function pairs(headers: HeaderList): JsonValue {
  return headers.map(([name, value]) => ({ name, value }));
}

function queryString(url: string): JsonValue {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  if (query === '') return [];
  return query.split('&').map((parameter) => {
    const equals = parameter.indexOf('=');
    const name = equals < 0 ? parameter : parameter.slice(0, equals);
    return {
      name: decodeParameter(name),
      value: equals < 0 ? '' : decodeParameter(parameter.slice(equals + 1)),
    };
  });
}

function decodeParameter(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function requestCookies(headers: HeaderList): JsonValue {
  return headerValues(headers, 'cookie')
    .flatMap((value) => value.split(';'))
    .map(nameAndValue)
    .filter((cookie) => cookie !== null);
}

function responseCookies(headers: HeaderList): JsonValue {
  const cookies: JsonObject[] = [];
  for (const [name, value] of headers) {
    if (name.toLowerCase() !== 'set-cookie') continue;
    const [first = '', ...attributes] = value.split(';');
    const cookie = nameAndValue(first);
    if (cookie === null) continue;
    cookies.push({ ...cookie, ...Object.fromEntries(attributes.flatMap(cookieAttribute)) });
  }
  return cookies;
}

function cookieAttribute(text: string): [string, JsonValue][] {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).trim().toLowerCase();
  const value = equals < 0 ? '' : text.slice(equals + 1).trim();
  switch (name) {
    case 'path':
    case 'domain':
      return [[name, value]];
    case 'expires': {
      const time = Date.parse(value);
      return Number.isNaN(time) ? [] : [['expires', new Date(time).toISOString()]];
    }
    case 'httponly':
      return [['httpOnly', true]];
    case 'secure':
      return [['secure', true]];
    default:
      return [];
  }
}

function nameAndValue(text: string): { name: string; value: string } | null {
  const equals = text.indexOf('=');
  return equals < 0 ? null : { name: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim() };
}
