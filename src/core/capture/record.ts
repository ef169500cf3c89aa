import type { CaptureTime } from '../capture-time.ts';
import type { HeaderList } from '../headers.ts';
import type { JsonObject } from '../json/json-value.ts';
import { wordsOf } from '../vocabulary.ts';

/** Clients that open streams, with their titles, in menu order. */
export const clientTitles = {
  raw: 'Raw client',
  eventsource: 'eventsource',
  openai: 'openai',
  browser: 'Browser',
} as const;

/** How a stream was opened. */
export type ClientName = keyof typeof clientTitles;
export const clientNames = wordsOf(clientTitles);

/** The request of a capture as first sent (redirects and reconnections are notes). */
export interface CaptureRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderList;
  readonly client: ClientName;
  /** The request body as text, if any. */
  readonly body?: string;
  /** Members that this version does not know, kept as they were read. */
  readonly extra?: JsonObject;
}

/** The start of a capture: the first line of an `.ssecap.ndjson` file, and of a capture on disk. */
export interface CaptureHeader {
  readonly format: 'ssecap';
  readonly version: 1;
  readonly request: CaptureRequest;
  /** Wall-clock time at which the request began, ISO 8601. Every `at` counts from it. */
  readonly startedAt: string;
  /** The name that the user gave, if any. */
  readonly name?: string;
  /** Members that this version does not know, kept as they were read. */
  readonly extra?: JsonObject;
}

/** Status line and header fields of a response. A capture that reconnected has several. */
export interface ResponseRecord {
  readonly kind: 'response';
  readonly at: CaptureTime;
  readonly status: number;
  readonly headers: HeaderList;
  /** As in HAR: "HTTP/1.1", "h2". Empty where unknown. */
  readonly httpVersion: string;
  /** The URL that answered, if redirects led to another than the request's. */
  readonly url?: string;
  /** Members that this version does not know, kept as they were read. */
  readonly extra?: JsonObject;
}

/** Bytes that the HTTP client delivered at one moment, after content decoding. */
export interface ChunkRecord {
  readonly kind: 'chunk';
  readonly at: CaptureTime;
  /** Number of the socket read that delivered it, from 0. Chunks of one read share it and `at`. */
  readonly read: number;
  /** Bytes on the wire before content decoding that this chunk accounts for; `bytes` may be empty. */
  readonly wireBytes: number;
  /** The decoded bytes. */
  readonly bytes: Uint8Array;
  /** Members that this version does not know, kept as they were read. */
  readonly extra?: JsonObject;
}

/**
 * Something that happened apart from the bytes: a connection phase, a redirect, a reconnection, an abort, a yield of
 * the lab. `note` names it (`NoteName` lists those that this program writes). All other members are in `fields` as they
 * were read, also for unknown notes. `fields` never has `at` or `note`. It has `kind` only for a record of an unknown
 * kind, whose `note` is "unknown-record".
 */
export interface NoteRecord {
  readonly kind: 'note';
  readonly at: CaptureTime;
  readonly note: string;
  readonly fields: JsonObject;
}

/**
 * Notes that this program writes, and their fields.
 * - `phase`: `{phase: "lookup"|"connect"|"tls"|"request-sent"|"first-byte", ms: duration, detail?: string}`
 * - `redirect`: `{status, from, to, credentialsDropped: boolean, headers: [[name, value]…]}`, the headers are those of the redirecting response
 * - `reconnect`: `{attempt: from 1, delay: ms waited, lastEventId, reason: EndReason}`; bytes after it belong to a new
 *   response body
 * - `abort`: the user stopped it
 * - `yield`: a yield of the lab `{requestId, n, text}`
 * - `framing`: `{framing: "event-stream"|"ndjson"}`, how the following bytes are divided into blocks; the user chose it
 * - `warning`: `{code, text, …}`, a fault of the response that did not end it. `code` is one of
 *   - `unknown-coding` `{coding}`: the bytes up to the next response are not decoded
 *   - `bytes-after-content` `{bytes}`: after the end of the compressed data
 *   - `bytes-after-body` `{bytes}`: after the end of the body by Content-Length or status
 *   - `limit-reached` `{limit, bytes, wireBytes}`: the capture reached a limit, which the end record names
 *   - `repeated-content-length`, `transfer-encoding-and-content-length`: two lengths; one was used
 * - `log`: `{text}`, anything else
 */
export type NoteName = 'phase' | 'redirect' | 'reconnect' | 'abort' | 'yield' | 'framing' | 'warning' | 'log';

/** Ways in which a capture ends, with their titles. */
export const endReasonTitles = {
  complete: 'Ended',
  aborted: 'Stopped',
  'premature-close': 'Cut off',
  timeout: 'Timed out',
  error: 'Failed',
} as const;

/** How a capture ended. */
export type EndReason = keyof typeof endReasonTitles;
export const endReasons = wordsOf(endReasonTitles);

/** The last record of a capture. */
export interface EndRecord {
  readonly kind: 'end';
  readonly at: CaptureTime;
  readonly reason: EndReason;
  /** What went wrong, with its cause: absent for `complete`. */
  readonly error?: CaptureError;
  /** Members that this version does not know, kept as they were read. */
  readonly extra?: JsonObject;
}

/** An error as stored and shown. `code` is stable (`ECONNREFUSED`, `CERT_HAS_EXPIRED`, …). */
export interface CaptureError {
  readonly code: string;
  readonly message: string;
}

/** Everything that a capture holds after its header, in order of arrival. */
export type CaptureRecord = ResponseRecord | ChunkRecord | NoteRecord | EndRecord;

/**
 * Receives the records of a stream as they happen. If it returns a promise, the client does not read until it settles:
 * a full disk becomes backpressure on the socket, and nothing is lost.
 */
export type RecordSink = (record: CaptureRecord) => Promise<void> | void;

/** A whole capture in memory. */
export interface Capture {
  readonly header: CaptureHeader;
  readonly records: readonly CaptureRecord[];
}
