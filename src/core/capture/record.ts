import type { CaptureTime } from '../capture-time.ts';
import type { HeaderList } from '../headers.ts';
import type { JsonObject } from '../json/json-value.ts';
import { wordsOf } from '../vocabulary.ts';

/** Clients that open streams, with the title of each, in the order of a menu. */
export const clientTitles = {
  raw: 'Raw client',
  eventsource: 'eventsource',
  openai: 'openai',
  browser: 'Browser',
} as const;

/** How a stream was opened. */
export type ClientName = keyof typeof clientTitles;
export const clientNames = wordsOf(clientTitles);

/** The request of a capture, as it was first sent (redirects and reconnections are notes). */
export interface CaptureRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderList;
  readonly client: ClientName;
  /** The request body as text; absent where there is none. */
  readonly body?: string;
  /** Members that this version does not know, kept as they were read. */
  readonly extra?: JsonObject;
}

/** What a capture begins with: the first line of an `.ssecap.ndjson` file, and of a capture on disk. */
export interface CaptureHeader {
  readonly format: 'ssecap';
  readonly version: 1;
  readonly request: CaptureRequest;
  /** Wall-clock time of the request's beginning, ISO 8601. Every `at` counts from here. */
  readonly startedAt: string;
  /** A name given by the user; absent until one is given. */
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
  /** The URL that answered, where redirects led elsewhere than the request's. */
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
  /** The decoded bytes, exactly. */
  readonly bytes: Uint8Array;
  /** Members that this version does not know, kept as they were read. */
  readonly extra?: JsonObject;
}

/**
 * Something that happened beside the bytes: a connection phase, a redirect, a reconnection, an abort, a
 * yield of the lab. `note` names it (see `NoteName` for those that this program writes); every other
 * member is kept as it was read, also of notes that this version does not know. `fields` never has members
 * named `at` or `note`, and one named `kind` only where the whole record is of a kind that this version does
 * not know: then `note` is "unknown-record".
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
 * - `redirect`: `{status, from, to, credentialsDropped: boolean, headers: [[name, value]…]}`, the headers of the redirecting response
 * - `reconnect`: `{attempt: from 1, delay: ms waited, lastEventId, reason: EndReason}`; bytes after it belong to a new
 *   response body
 * - `abort`: the user stopped it
 * - `yield`: a yield of the lab `{requestId, n, text}`
 * - `framing`: how the bytes after it are cut into blocks `{framing: "event-stream"|"ndjson"}`, where the user said so
 * - `warning`: something wrong with the response that did not end it `{code, text, …}`, with `code` one of
 *   - `unknown-coding` `{coding}`: the bytes that follow, until the next response, are not decoded
 *   - `bytes-after-content` `{bytes}`: behind the end of the compressed data
 *   - `bytes-after-body` `{bytes}`: behind the end that Content-Length, or the status, gives the body
 *   - `limit-reached` `{limit, bytes, wireBytes}`: the capture is as long as it may be; the end record names the limit
 *   - `repeated-content-length`, `transfer-encoding-and-content-length`: two lengths, of which one was used
 * - `log`: anything else worth a line `{text}`
 */
export type NoteName = 'phase' | 'redirect' | 'reconnect' | 'abort' | 'yield' | 'framing' | 'warning' | 'log';

/** Ways in which a capture ends, with the title of each. */
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

/** An error as it is stored and shown. `code` is stable (`ECONNREFUSED`, `CERT_HAS_EXPIRED`, …). */
export interface CaptureError {
  readonly code: string;
  readonly message: string;
}

/** Everything that a capture holds after its header, in order of arrival. */
export type CaptureRecord = ResponseRecord | ChunkRecord | NoteRecord | EndRecord;

/**
 * Takes the records of a stream as they happen. A promise asks the client to read no more until it settles: that
 * is how a full disk becomes backpressure on the socket instead of a loss.
 */
export type RecordSink = (record: CaptureRecord) => Promise<void> | void;

/** A whole capture in memory: for files that are read at once, tests and the command line. */
export interface Capture {
  readonly header: CaptureHeader;
  readonly records: readonly CaptureRecord[];
}
