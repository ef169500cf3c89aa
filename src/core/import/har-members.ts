import type { CaptureTime } from '../capture-time.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { decodeBase64 } from '../capture/base64.ts';
import {
  clientNames,
  type CaptureRecord,
  type ChunkRecord,
  type ClientName,
  type ResponseRecord,
} from '../capture/record.ts';
import { isTooDeep, readRecord } from '../capture/ssecap-line.ts';
import { isWord } from '../vocabulary.ts';

/** The private members that this program writes into an entry: see `exportHar`. */
export interface HarCaptureMember {
  readonly client: ClientName;
  readonly name: string | null;
  /** Number of this entry, from 0, among the consecutive entries of the same capture. */
  readonly part: number;
  readonly parts: number;
  readonly wireBytes: readonly JsonValue[];
  /** Records other than chunks, in order, each with its index among the records of the entry. */
  readonly others: readonly { readonly index: number; readonly record: JsonObject }[];
}

/** Reads `_sseChunks`; null without any, or if one is damaged. */
export function readChunks(value: JsonValue | undefined): readonly ChunkRecord[] | null {
  if (!Array.isArray(value)) return null;
  const chunks: ChunkRecord[] = [];
  for (const item of value as readonly JsonValue[]) {
    if (!isJsonObject(item)) return null;
    const { at, read, base64 } = item;
    const bytes = typeof base64 === 'string' ? decodeBase64(base64) : null;
    if (bytes === null || !isAt(at) || typeof read !== 'number') return null;
    chunks.push({ kind: 'chunk', at, read, wireBytes: bytes.length, bytes });
  }
  return chunks;
}

/** Reads `_sseCapture`; null if it is missing. */
export function readCaptureMember(value: JsonValue | undefined): HarCaptureMember | null {
  if (!isJsonObject(value)) return null;
  const { client, name, part, parts, wireBytes, records } = value;
  const others: { index: number; record: JsonObject }[] = [];
  for (const item of Array.isArray(records) ? (records as readonly JsonValue[]) : []) {
    if (!isJsonObject(item)) continue;
    const { index, record } = item;
    if (typeof index === 'number' && isJsonObject(record)) others.push({ index, record });
  }
  return {
    client: isWord(clientNames, client) ? client : 'raw',
    name: typeof name === 'string' ? name : null,
    part: typeof part === 'number' ? part : 0,
    parts: typeof parts === 'number' ? parts : 1,
    wireBytes: Array.isArray(wireBytes) ? (wireBytes as readonly JsonValue[]) : [],
    others: others.toSorted((a, b) => a.index - b.index),
  };
}

/**
 * The records of an entry that this program wrote, in order. `response` is the response of the entry, or null.
 */
export function* ownRecords(
  chunks: readonly ChunkRecord[],
  member: HarCaptureMember,
  response: ResponseRecord | null,
): Generator<CaptureRecord> {
  const { others } = member;
  let place = 0;
  let next = 0;
  for (const [index, chunk] of chunks.entries()) {
    for (let other = others[next]; other !== undefined && other.index <= place; other = others[++next]) {
      yield* otherRecord(other.record, response);
      place++;
    }
    const wireBytes = member.wireBytes[index];
    yield typeof wireBytes === 'number' ? { ...chunk, wireBytes } : chunk;
    place++;
  }
  for (const { record } of others.slice(next)) yield* otherRecord(record, response);
}

function* otherRecord(value: JsonObject, response: ResponseRecord | null): Generator<CaptureRecord> {
  if (value['kind'] === 'response') {
    if (response === null) return;
    const { at, url } = value;
    yield { ...response, at: isAt(at) ? at : null, ...(typeof url === 'string' ? { url } : {}) };
    return;
  }
  if (isTooDeep(value)) return;
  const line = readRecord(value, 0);
  if (line.kind === 'record' && line.record.kind !== 'chunk') yield line.record;
}

function isAt(value: JsonValue | undefined): value is CaptureTime {
  return value === null || (typeof value === 'number' && Number.isFinite(value));
}
