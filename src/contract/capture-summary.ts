import type { Framing } from '../core/sse/block.ts';
import type { Severity } from '../core/findings/finding.ts';
import type { HeaderList } from '../core/headers.ts';
import type { CaptureTime } from '../core/capture-time.ts';
import type { CaptureError, CaptureRequest, EndReason, NoteRecord } from '../core/capture/record.ts';
import type { Gaps, Silences } from '../core/metrics/silence-clock.ts';
import type { OutputSummary } from '../core/metrics/stream-metrics.ts';
import type { CaptureId } from './capture-id.ts';

/**
 * What a capture is doing.
 * - `connecting`: sent, no response yet. `streaming`: response received, body not ended.
 * - `ended`: see `end`. `loading`: read from disk and not whole yet. `stored`: on disk, not opened.
 */
export const capturePhases = ['connecting', 'streaming', 'ended', 'loading', 'stored'] as const;
export type CapturePhase = (typeof capturePhases)[number];

/** Where a capture came from: a connection, an opened file, a rung of the ladder. */
export const captureOrigins = ['connection', 'file', 'ladder'] as const;
export type CaptureOrigin = (typeof captureOrigins)[number];

/**
 * A capture with at most this many dispatched events is diagnosed as soon as it ends. A longer one is diagnosed when its
 * diagnosis is shown, because that takes a while.
 */
export const diagnosedAtEnd = 20_000;

/** Counts and rates of one capture: small, pushed once a frame while it changes. */
export interface CaptureSummary {
  readonly id: CaptureId;
  /**
   * Grows with every summary of any capture. Answers and pushes may overtake each other: the greater number is newer.
   */
  readonly revision: number;
  readonly name: string | null;
  /** Texts above 16 Ki characters are cut and a longer body is left out: `Exchange` has all of it. */
  readonly request: CaptureRequest;
  readonly startedAt: string;
  readonly phase: CapturePhase;
  /**
   * Another process is recording it (the window and `serve` share the folder of captures). It can be shown while it grows, but
   * not stopped, renamed or deleted here.
   */
  readonly recordedElsewhere: boolean;
  readonly status: number | null;
  readonly contentType: string | null;
  /** How the last body is divided into blocks; null while unknown. */
  readonly framing: Framing | null;
  readonly end: {
    readonly reason: EndReason;
    readonly at: CaptureTime;
    readonly error: CaptureError | null;
  } | null;
  /** Rows per lane. */
  readonly rows: { readonly chunks: number; readonly blocks: number; readonly documents: number };
  /** Dispatched events. */
  readonly dispatched: number;
  /** Decoded body bytes, and bytes on the wire before content decoding. */
  readonly bytes: number;
  readonly wireBytes: number;
  /** ms since the request began: of the first body byte, and of the newest record. */
  readonly firstByteAt: CaptureTime;
  readonly lastAt: CaptureTime;
  /** Of the last second while streaming, else over the whole body. */
  readonly rates: { readonly eventsPerSecond: number; readonly bytesPerSecond: number } | null;
  /** Gaps between outputs (a model's deltas, or events in a stream of no known dialect), ms; null with fewer than two. */
  readonly gaps: Gaps | null;
  /** Stalls between them, and the silence since the last one: see `stallsUntil` and `gapsUntil`. */
  readonly silences: Silences;
  /** The model's output; null if the stream is in no known dialect. */
  readonly output: OutputSummary | null;
  /** The worst severity of its findings, once it has ended and was diagnosed; null before that and without findings. */
  readonly worst: Severity | null;
  /** Problems that the user has to know about: a torn tail, a full disk, a line that was cut. */
  readonly warnings: readonly CaptureWarning[];
  readonly origin: CaptureOrigin;
}

/**
 * A problem of a capture that the user has to know about.
 * - `torn-tail`: its file ends inside a record, as after a crash. `damaged`: its file is not as it was written.
 * - `recording-stopped`: it has no end, because this program ended first.
 * - `disk-full`, `storage-failed`: it cannot be written at the moment.
 * - `file-gone`: its file was deleted during the recording. `not-locked`: other processes cannot see that it is recorded.
 * - `internal`: a bug keeps it from being shown.
 */
export interface CaptureWarning {
  readonly code:
    | 'torn-tail'
    | 'damaged'
    | 'recording-stopped'
    | 'disk-full'
    | 'storage-failed'
    | 'file-gone'
    | 'not-locked'
    | 'line-cut'
    | 'ill-formed-utf8'
    | 'not-event-stream'
    | 'internal';
  readonly message: string;
}

/** Request, responses and notes, for the Exchange tab. Secrets are redacted as stored. */
export interface Exchange {
  readonly request: CaptureRequest;
  readonly startedAt: string;
  readonly responses: readonly {
    readonly at: CaptureTime;
    readonly status: number;
    readonly headers: HeaderList;
    readonly httpVersion: string;
    readonly url: string | null;
  }[];
  /** At most the first 10,000. */
  readonly notes: readonly NoteRecord[];
  readonly end: CaptureSummary['end'];
}
