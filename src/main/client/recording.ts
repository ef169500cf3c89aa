import type { CaptureLimits } from '../../contract/capture-limits.ts';
import type { CaptureRecord, EndRecord, NoteName, RecordSink } from '../../core/capture/record.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { ClientError, codeOf, type Ending } from './client-error.ts';
import type { ResponseHead } from './response-heads.ts';

/** Decoded bytes above which the ratio limit applies. */
const RATIO_FROM = 256e6;

/** Formats a number of bytes in its largest unit. */
function amountOf(bytes: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(bytes) / 3)));
  return `${Number((bytes / 1000 ** power).toFixed(1))} ${['bytes', 'kB', 'MB', 'GB', 'TB'][power] ?? ''}`;
}

/**
 * Records one stream: adds the time to each record and passes it to the sink, in order and at once. Does not wait for
 * the sink's promises; `pressure` tells the reader of the socket to pause.
 */
export class Recording {
  readonly #sink: RecordSink;
  readonly #limits: CaptureLimits;
  /** Bytes recorded so far, decoded and on the wire. */
  #size = 0;
  #wire = 0;
  #isFull = false;
  readonly #began = performance.now();
  readonly #broken = new AbortController();
  #latest = 0;
  #reads = 0;
  #ended = false;
  #waitingFor = 0;
  #caughtUp: (() => void) | null = null;
  #pressure: Promise<void> | null = null;

  constructor(sink: RecordSink, limits: CaptureLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /**
   * Aborted when nothing more can be recorded: the reason is the sink's error, or a `ClientError` if a limit was
   * reached.
   */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** ms since the recording began. */
  now(): number {
    return performance.now() - this.#began;
  }

  /** Number for the next socket read; continues across redirects and reconnections. */
  nextRead(): number {
    return this.#reads++;
  }

  /** Null while the sink keeps up, otherwise a promise that settles when it has caught up. */
  pressure(): Promise<void> | null {
    return this.#pressure;
  }

  /** `at` is when it happened. */
  note(note: NoteName, fields: JsonObject, at: number = this.now()): void {
    this.#put({ kind: 'note', at: this.#stamp(at), note, fields });
  }

  /** Notes a problem with the response that does not end it; `code` is stable. */
  warn(code: string, text: string, fields: JsonObject = {}): void {
    this.note('warning', { code, text, ...fields });
  }

  /** `at` is the time of the read with its last byte; `url` is the final URL after redirects, or null. */
  response(at: number, head: ResponseHead, url: string | null): void {
    this.#put({ kind: 'response', at: this.#stamp(at), ...head, ...(url === null ? {} : { url }) });
  }

  /** `at` is the time of the socket read `read`. */
  chunk(at: number, read: number, wireBytes: number, bytes: Uint8Array): void {
    if (this.#isFull) return;
    const { size, ratio } = this.#limits;
    const kept = bytes.subarray(0, size - this.#size);
    this.#size += kept.length;
    this.#wire += wireBytes;
    this.#put({ kind: 'chunk', at: this.#stamp(at), read, wireBytes, bytes: kept });
    if (kept.length < bytes.length) {
      const message = `The capture reached its limit of ${amountOf(size)}. The connection was closed here.`;
      this.#stop(new ClientError('CAPTURE_SIZE_LIMIT', message));
    } else if (this.#size > RATIO_FROM && this.#size > ratio * this.#wire) {
      const message = `The body decompresses to more than ${ratio} times its size, ${amountOf(this.#size)} so far. The connection was closed here.`;
      this.#stop(new ClientError('CAPTURE_RATIO_LIMIT', message));
    }
  }

  #stop(why: ClientError): void {
    this.#isFull = true;
    const limit = why.code === 'CAPTURE_SIZE_LIMIT' ? this.#limits.size : this.#limits.ratio;
    this.warn('limit-reached', why.message, { limit, bytes: this.#size, wireBytes: this.#wire });
    this.#broken.abort(why);
  }

  /** The ending of a stream that could not be recorded any further. */
  get brokenEnding(): Ending {
    const why: unknown = this.#broken.signal.reason;
    if (why instanceof ClientError)
      return { reason: 'error', error: { code: why.code, message: why.message } };
    const cause = `${why instanceof Error ? why.message : String(why)} (${codeOf(why)})`;
    const message = `The received data could not be recorded: ${cause}`;
    return { reason: 'error', error: { code: 'SINK_FAILED', message } };
  }

  /** Ends the recording. Later records are dropped. */
  end(ending: Ending): EndRecord {
    const error = ending.error === undefined ? {} : { error: ending.error };
    const record: EndRecord = { kind: 'end', at: this.#stamp(this.now()), reason: ending.reason, ...error };
    this.#put(record);
    this.#ended = true;
    return record;
  }

  /** Keeps `at` from going back, as a chunk that was decoded may come after a newer note. */
  #stamp(at: number): number {
    this.#latest = Math.max(this.#latest, at);
    return this.#latest;
  }

  #put(record: CaptureRecord): void {
    if (this.#ended) return;
    try {
      const accepted = this.#sink(record);
      if (!(accepted instanceof Promise)) return;
      this.#waitingFor += 1;
      this.#pressure ??= new Promise((resolve) => (this.#caughtUp = resolve));
      accepted.then(
        () => this.#accepted(),
        (error: unknown) => {
          this.#accepted();
          this.#broken.abort(error);
        },
      );
    } catch (error) {
      this.#broken.abort(error);
    }
  }

  #accepted(): void {
    this.#waitingFor -= 1;
    if (this.#waitingFor > 0) return;
    this.#pressure = null;
    this.#caughtUp?.();
    this.#caughtUp = null;
  }
}
