import { encodeExactly } from '../text/utf8.ts';
import type { HeaderList } from '../headers.ts';
import type { CaptureTime } from '../capture-time.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { decodeBase64 } from './base64.ts';
import { parseBounded } from './bounded-json.ts';
import { isWord } from '../vocabulary.ts';
import {
  clientNames,
  endReasons,
  type CaptureError,
  type CaptureHeader,
  type CaptureRecord,
  type CaptureRequest,
  type ChunkRecord,
} from './record.ts';
import { UNKNOWN_RECORD } from './ssecap-writer.ts';

/** What one line of an `.ssecap.ndjson` file is. */
export type SsecapLine =
  | { readonly kind: 'header'; readonly header: CaptureHeader }
  | { readonly kind: 'record'; readonly record: CaptureRecord }
  | { readonly kind: 'future'; readonly version: JsonValue }
  | { readonly kind: 'damaged'; readonly reason: string };

/** The deepest nesting of a line: recursion over a note must not exhaust the stack. */
const MAX_DEPTH = 200;

type RecordLine = Exclude<SsecapLine, { readonly kind: 'header' | 'future' }>;

const damaged = (reason: string): RecordLine & { readonly kind: 'damaged' } => ({ kind: 'damaged', reason });

/**
 * Reads one line. `chunkIndex` is the number of chunks before it. It replaces a missing `read`, so captures written by
 * hand or by other programs open.
 */
export function parseSsecapLine(text: string, chunkIndex: number): SsecapLine {
  const parsed = parseBounded(text);
  if ('problem' in parsed) return damaged(parsed.problem);
  const { value } = parsed;
  if (!isJsonObject(value)) return damaged('not a JSON object');
  if (isTooDeep(value)) return damaged(`nested deeper than ${MAX_DEPTH} levels`);
  if (value['format'] === 'ssecap' && !('kind' in value)) return parseHeader(value);
  return readRecord(value, chunkIndex);
}

/** Reads one record from its JSON object; never a header. */
export function readRecord(value: JsonObject, chunkIndex: number): RecordLine {
  const { kind } = value;
  if (typeof kind !== 'string') return damaged('a record without a kind');
  switch (kind) {
    case 'chunk':
      return parseChunk(value, chunkIndex);
    case 'response':
      return parseResponse(value);
    case 'note':
      return parseNote(value);
    case 'end':
      return parseEnd(value);
    default: {
      const at = readAt(value) ?? null;
      return { kind: 'record', record: { kind: 'note', at, note: UNKNOWN_RECORD, fields: value } };
    }
  }
}

function parseHeader(value: JsonObject): SsecapLine {
  const { format: _format, version, request, startedAt, name, ...extra } = value;
  if (version !== 1) {
    return typeof version === 'number' ? { kind: 'future', version } : damaged('a header without a version');
  }
  const parsed = isJsonObject(request) ? parseRequest(request) : null;
  if (parsed === null) return damaged('a header without a request (method, url, headers, client)');
  if (typeof startedAt !== 'string' || Number.isNaN(Date.parse(startedAt))) {
    return damaged('a header without a time in startedAt');
  }
  const header: CaptureHeader = {
    format: 'ssecap',
    version: 1,
    request: parsed,
    startedAt,
    ...(typeof name === 'string' ? { name } : {}),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
  return { kind: 'header', header };
}

function parseRequest(value: JsonObject): CaptureRequest | null {
  const { method, url, headers, client, body, ...extra } = value;
  const list = readHeaders(headers);
  if (typeof method !== 'string' || typeof url !== 'string' || list === null || !isWord(clientNames, client))
    return null;
  return {
    method,
    url,
    headers: list,
    client,
    ...(typeof body === 'string' ? { body } : {}),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

function parseResponse(value: JsonObject): RecordLine {
  const { kind: _kind, at: _at, status, headers, httpVersion, url, ...extra } = value;
  const at = readAt(value);
  const list = readHeaders(headers);
  if (at === undefined) return damaged('"at" is not a time');
  if (typeof status !== 'number' || !Number.isInteger(status)) return damaged('a response without a status');
  if (list === null) return damaged('"headers" is not a list of pairs');
  return {
    kind: 'record',
    record: {
      kind: 'response',
      at,
      status,
      headers: list,
      httpVersion: typeof httpVersion === 'string' ? httpVersion : '',
      ...(typeof url === 'string' ? { url } : {}),
      ...(Object.keys(extra).length > 0 ? { extra } : {}),
    },
  };
}

function parseChunk(value: JsonObject, chunkIndex: number): RecordLine {
  const { kind: _kind, at: _at, read, wireBytes, text, base64, ...extra } = value;
  const at = readAt(value);
  if (at === undefined) return damaged('"at" is not a time');
  let bytes: Uint8Array | null = null;
  if (typeof text === 'string' && base64 === undefined) bytes = encodeExactly(text);
  else if (typeof base64 === 'string' && text === undefined) bytes = decodeBase64(base64);
  else return damaged('a chunk has either "text" or "base64"');
  if (bytes === null)
    return damaged(text === undefined ? '"base64" is not base64' : '"text" has a lone surrogate');
  const record: ChunkRecord = {
    kind: 'chunk',
    at,
    read: isCount(read) ? read : chunkIndex,
    wireBytes: isCount(wireBytes) ? wireBytes : bytes.length,
    bytes,
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
  return { kind: 'record', record };
}

function parseNote(value: JsonObject): RecordLine {
  const { kind: _kind, at: _at, note, ...fields } = value;
  const at = readAt(value);
  if (at === undefined) return damaged('"at" is not a time');
  if (typeof note !== 'string') return damaged('a note without a name');
  return { kind: 'record', record: { kind: 'note', at, note, fields } };
}

function parseEnd(value: JsonObject): RecordLine {
  const { kind: _kind, at: _at, reason, error, ...extra } = value;
  const at = readAt(value);
  if (at === undefined) return damaged('"at" is not a time');
  if (!isWord(endReasons, reason)) return damaged('an end without a known reason');
  const known = readError(error);
  return {
    kind: 'record',
    record: {
      kind: 'end',
      at,
      reason,
      ...(known === null ? {} : { error: known }),
      ...(Object.keys(extra).length > 0 ? { extra } : {}),
    },
  };
}

/** An error as written by this program, or a bare message. */
function readError(value: JsonValue | undefined): CaptureError | null {
  if (typeof value === 'string') return { code: 'error', message: value };
  if (value === undefined || !isJsonObject(value)) return null;
  const { code, message } = value;
  return {
    code: typeof code === 'string' ? code : 'error',
    message: typeof message === 'string' ? message : '',
  };
}

/** Missing and null mean an unknown time; undefined: not a time. */
function readAt(value: JsonObject): CaptureTime | undefined {
  const at = value['at'];
  if (at === undefined || at === null) return null;
  return typeof at === 'number' && Number.isFinite(at) ? at : undefined;
}

function readHeaders(value: JsonValue | undefined): HeaderList | null {
  if (!Array.isArray(value)) return null;
  const list: [string, string][] = [];
  for (const pair of value as readonly JsonValue[]) {
    if (!Array.isArray(pair)) return null;
    const [name, text] = pair as readonly JsonValue[];
    if (typeof name !== 'string' || typeof text !== 'string') return null;
    list.push([name, text]);
  }
  return list;
}

/** Whether a value is nested too deep for recursion over records. */
export function isTooDeep(value: JsonValue): boolean {
  return isDeeper(value, MAX_DEPTH);
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
