import { encodeBase64 } from './base64.ts';
import type { CaptureHeader, CaptureRecord, ChunkRecord, NoteRecord } from './record.ts';
import { decodeUtf8 } from './utf8.ts';

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
  if (record.kind === 'chunk') return chunkLine(record);
  if (record.kind === 'note') return noteLine(record);
  const { extra, ...known } = record;
  return `${JSON.stringify({ ...known, ...extra })}\n`;
}

function chunkLine(chunk: ChunkRecord): string {
  const { kind, at, read, wireBytes, bytes, extra } = chunk;
  const text = decodeUtf8(bytes);
  const body = text === null ? { base64: encodeBase64(bytes) } : { text };
  return `${JSON.stringify({ kind, at, read, wireBytes, ...body, ...extra })}\n`;
}

function noteLine(note: NoteRecord): string {
  const { kind, at, note: name, fields } = note;
  if (name === UNKNOWN_RECORD && typeof fields['kind'] === 'string') return `${JSON.stringify(fields)}\n`;
  return `${JSON.stringify({ kind, at, note: name, ...fields })}\n`;
}
