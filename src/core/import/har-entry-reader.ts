import { type HeaderList, mediaType, headerValues } from '../headers.ts';
import type { CaptureTime } from '../capture-time.ts';
import { framingOfType } from '../pipeline/framing.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { decodeBase64 } from '../capture/base64.ts';
import type { HarCaptureMember } from './har-members.ts';
import type { CaptureHeader, EndRecord, ResponseRecord } from '../capture/record.ts';

/*
 * Reads the parts of a capture from an entry of an HTTP archive. Many programs write archives: a member that is missing
 * or of the wrong type counts as unknown.
 */

/** Whether the content type of the response names an event stream or JSON lines, or `EventSource` opened it. */
export function isStream(entry: JsonObject): boolean {
  const response = member(entry, 'response');
  const types = [...headerValues(headerList(response['headers']), 'content-type')];
  const mimeType = member(response, 'content')['mimeType'];
  if (typeof mimeType === 'string') types.push(mimeType);
  return (
    types.some((type) => mediaType(type) === 'text/event-stream' || framingOfType(type) === 'ndjson') ||
    entry['_resourceType'] === 'eventsource'
  );
}

/** The header of the capture for an entry. An unknown time becomes 1970. */
export function requestHeader(entry: JsonObject, own: HarCaptureMember | null): CaptureHeader {
  const request = member(entry, 'request');
  const started = entry['startedDateTime'];
  const time = typeof started === 'string' ? Date.parse(started) : Number.NaN;
  const body = member(request, 'postData')['text'];
  return {
    format: 'ssecap',
    version: 1,
    request: {
      method: text(request['method']) || 'GET',
      url: text(request['url']),
      headers: headerList(request['headers']),
      client: own?.client ?? 'browser',
      ...(typeof body === 'string' ? { body } : {}),
    },
    startedAt: new Date(Number.isNaN(time) ? 0 : time).toISOString(),
    ...(own === null || own.name === null ? {} : { name: own.name }),
  };
}

/** The response, with its time if the timings of the entry give one; null without a response (status 0). */
export function responseRecord(entry: JsonObject): ResponseRecord | null {
  const { status, httpVersion, headers } = member(entry, 'response');
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100) return null;
  const version = text(httpVersion);
  return {
    kind: 'response',
    at: timeToResponse(member(entry, 'timings')),
    status,
    headers: headerList(headers),
    httpVersion: version === 'unknown' ? '' : version,
  };
}

/** How the entry ended, as far as the archive shows. */
export function endRecord(entry: JsonObject): EndRecord {
  const time = entry['time'];
  const at = typeof time === 'number' && Number.isFinite(time) && time >= 0 ? time : null;
  // Chrome writes network errors here, for example "net::ERR_ABORTED".
  const error = member(entry, 'response')['_error'];
  if (typeof error !== 'string' || error === '') return { kind: 'end', at, reason: 'complete' };
  const reason = error === 'net::ERR_ABORTED' ? 'aborted' : 'error';
  return { kind: 'end', at, reason, error: { code: error, message: `The browser reported ${error}.` } };
}

/** The body in `response.content`; null if it was not saved. */
export function contentBytes(entry: JsonObject): Uint8Array | null {
  const { text: body, encoding } = member(member(entry, 'response'), 'content');
  if (typeof body !== 'string' || body === '') return null;
  return encoding === 'base64' ? decodeBase64(body) : new TextEncoder().encode(body);
}

/** [spec] HAR 1.2, timings: "Use -1 if the timing does not apply"; `ssl` is part of `connect`. */
function timeToResponse(timings: JsonObject): CaptureTime {
  let sum = 0;
  for (const name of ['blocked', 'dns', 'connect', 'send', 'wait']) {
    const ms = timings[name];
    if (typeof ms === 'number' && ms > 0) sum += ms;
  }
  return typeof timings['wait'] === 'number' && Number.isFinite(sum) ? sum : null;
}

function headerList(value: JsonValue | undefined): HeaderList {
  if (!Array.isArray(value)) return [];
  return (value as readonly JsonValue[]).flatMap((item) => {
    if (!isJsonObject(item) || typeof item['name'] !== 'string') return [];
    return [[item['name'], text(item['value'])] as const];
  });
}

function member(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
