import type {
  CaptureHeader,
  CaptureRecord,
  ChunkRecord,
  ResponseRecord,
} from '../../../src/core/capture/record.ts';

/** A header like that of a real capture. */
export const header: CaptureHeader = {
  format: 'ssecap',
  version: 1,
  request: {
    method: 'GET',
    url: 'http://127.0.0.1:1/events',
    headers: [['Accept', 'text/event-stream']],
    client: 'raw',
  },
  startedAt: '2026-01-02T03:04:05.678Z',
};

const encoder = new TextEncoder();

export function chunk(text: string | Uint8Array, at: number | null = 0, read = 0): ChunkRecord {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  return { kind: 'chunk', at, read, wireBytes: bytes.length, bytes };
}

export const response: ResponseRecord = {
  kind: 'response',
  at: 1,
  status: 200,
  headers: [['content-type', 'text/event-stream']],
  httpVersion: 'HTTP/1.1',
};

export const complete: CaptureRecord = { kind: 'end', at: 99, reason: 'complete' };

/** A few records of every kind. */
export const fewRecords: readonly CaptureRecord[] = [
  { kind: 'note', at: 0.5, note: 'phase', fields: { phase: 'connect', ms: 0.25 } },
  response,
  chunk('data: {"n":1}\n\ndata: {"n"', 2.125, 0),
  chunk(':2}\n\n', 3, 1),
  chunk('', 3.5, 2),
  {
    kind: 'note',
    at: 4,
    note: 'reconnect',
    fields: { attempt: 1, delay: 10, lastEventId: '', reason: 'premature-close' },
  },
  { ...chunk(new Uint8Array([0xff, 0xfe, 0x0a, 0x0a]), 5, 3), extra: { later: [1, 'x'] } },
  chunk(': a comment\n\nevent: ping\ndata: é\n\n', 6, 4),
  complete,
];

/** The body that chunks add up to. */
export function bodyOf(records: readonly CaptureRecord[]): Uint8Array {
  return Buffer.concat(records.flatMap((record) => (record.kind === 'chunk' ? [record.bytes] : [])));
}
