import type {
  CaptureError,
  CaptureRecord,
  EndReason,
  EndRecord,
  NoteName,
} from '../../core/capture/record.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import type { ResponseHead } from './http-exchange.ts';
import type { RecordSink } from './stream-client.ts';

/** How a connection, or a whole stream, ended. */
export interface Ending {
  readonly reason: EndReason;
  readonly error?: CaptureError;
}

/**
 * One stream being recorded: stamps what happens with the time and hands it to the sink, in order and at once.
 * A sink that answers with a promise is never waited for here; `pressure` tells who reads the socket to stop.
 */
export class Recording {
  readonly #sink: RecordSink;
  readonly #began = performance.now();
  readonly #broken = new AbortController();
  #latest = 0;
  #reads = 0;
  #ended = false;
  #waitingFor = 0;
  #caughtUp: (() => void) | null = null;
  #pressure: Promise<void> | null = null;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  /** Aborted, with the sink's error as the reason, when the sink throws or rejects: nothing can be recorded any more. */
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
    this.#put({ kind: 'chunk', at: this.#stamp(at), read, wireBytes, bytes });
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
