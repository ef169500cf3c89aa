import { decodeExactly } from '../text/utf8.ts';
import type { JsonObject } from '../json/json-value.ts';
import { encodeBase64 } from './base64.ts';
import type { CaptureHeader, CaptureRecord, ChunkRecord, NoteRecord } from './record.ts';

/** Name of the note that a record of an unknown kind is read as; its fields are the whole record. */
export const UNKNOWN_RECORD = 'unknown-record';

/** The first line of an `.ssecap.ndjson` file, with its line feed. */
export function ssecapHeaderLine(header: CaptureHeader): string {
  const { format, version, request, startedAt, name, extra } = header;
  const { extra: requestExtra, ...known } = request;
  const line = { format, version, request: { ...known, ...requestExtra }, startedAt, name, ...extra };
  return `${JSON.stringify(line)}\n`;
}

/** The line of one record, with its line feed. */
export function ssecapRecordLine(record: CaptureRecord): string {
  return `${JSON.stringify(record.kind === 'chunk' ? chunkObject(record) : ssecapRecordObject(record))}\n`;
}

/** The JSON object of a record other than a chunk. */
export function ssecapRecordObject(record: Exclude<CaptureRecord, ChunkRecord>): JsonObject {
  if (record.kind === 'note') return noteObject(record);
  const { extra, ...known } = record;
  return { ...known, ...extra } as JsonObject;
}

function chunkObject(chunk: ChunkRecord): JsonObject {
  const { kind, at, read, wireBytes, bytes, extra } = chunk;
  const text = decodeExactly(bytes);
  const body = text === null ? { base64: encodeBase64(bytes) } : { text };
  return { kind, at, read, wireBytes, ...body, ...extra };
}

function noteObject(note: NoteRecord): JsonObject {
  const { kind, at, note: name, fields } = note;
  if (name === UNKNOWN_RECORD && typeof fields['kind'] === 'string') return fields;
  return { kind, at, note: name, ...fields };
}
