import type { CaptureLimits } from '../../contract/capture-limits.ts';
import type { CaptureRecord, EndRecord, NoteName, RecordSink } from '../../core/capture/record.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { ClientError, codeOf, type Ending } from './client-error.ts';
import type { ResponseHead } from './response-heads.ts';

/** Decoded bytes from which on their ratio to the bytes on the wire counts. */
const RATIO_FROM = 256e6;

/** Bytes in the largest unit that they fill. */
function amountOf(bytes: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(bytes) / 3)));
  return `${Number((bytes / 1000 ** power).toFixed(1))} ${['bytes', 'kB', 'MB', 'GB', 'TB'][power] ?? ''}`;
}

/**
 * One stream being recorded: stamps what happens with the time and hands it to the sink, in order and at once.
 * A sink that answers with a promise is never waited for here; `pressure` tells who reads the socket to stop.
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
   * Aborted when nothing can be recorded any more: with the sink's error as the reason, or with a `ClientError` where a limit
   * was reached.
   */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** ms since the recording began. */
  now(): number {
    return performance.now() - this.#began;
  }

  /** Number for the next socket read; counts on over redirects and reconnections. */
  nextRead(): number {
    return this.#reads++;
  }

  /** Null while the sink keeps up, else a promise that settles when it has. */
  pressure(): Promise<void> | null {
    return this.#pressure;
  }

  /** `at` is when it happened: now, unless it is told later. */
  note(note: NoteName, fields: JsonObject, at: number = this.now()): void {
    this.#put({ kind: 'note', at: this.#stamp(at), note, fields });
  }

  /** Notes something wrong with the response that did not end it; `code` is stable. */
  warn(code: string, text: string, fields: JsonObject = {}): void {
    this.note('warning', { code, text, ...fields });
  }

  /** `at` is when the read with its last byte was made; `url` where redirects led elsewhere than the request's. */
  response(at: number, head: ResponseHead, url: string | null): void {
    this.#put({ kind: 'response', at: this.#stamp(at), ...head, ...(url === null ? {} : { url }) });
  }

  /** `at` is when the socket read `read` was made. */
  chunk(at: number, read: number, wireBytes: number, bytes: Uint8Array): void {
    if (this.#isFull) return;
    const { size, ratio } = this.#limits;
    const kept = bytes.subarray(0, size - this.#size);
    this.#size += kept.length;
    this.#wire += wireBytes;
    this.#put({ kind: 'chunk', at: this.#stamp(at), read, wireBytes, bytes: kept });
    if (kept.length < bytes.length) {
      const message = `The capture has reached its limit of ${amountOf(size)}. The connection was closed here.`;
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

  /** How the stream ended where nothing could be recorded any more. */
  get brokenEnding(): Ending {
    const why: unknown = this.#broken.signal.reason;
    if (why instanceof ClientError)
      return { reason: 'error', error: { code: why.code, message: why.message } };
    const cause = `${why instanceof Error ? why.message : String(why)} (${codeOf(why)})`;
    const message = `What was received could not be recorded: ${cause}`;
    return { reason: 'error', error: { code: 'SINK_FAILED', message } };
  }

  /** Closes the recording; whatever is recorded after it is a bug and is not passed on. */
  end(ending: Ending): EndRecord {
    const error = ending.error === undefined ? {} : { error: ending.error };
    const record: EndRecord = { kind: 'end', at: this.#stamp(this.now()), reason: ending.reason, ...error };
    this.#put(record);
    this.#ended = true;
    return record;
  }

  /** `at` never goes back, also where a chunk that had to be decoded comes after a younger note. */
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
