import type { Transform } from 'node:stream';

/**
 * Bytes per write to zlib. When zlib meets damage, it drops what it decoded since its last full output buffer, so
 * writes and buffers are small.
 */
const INPUT = 4096;
/** Size of a zlib output buffer. */
export const OUTPUT = 4096;
/** Decoded bytes to collect before yielding them, so that a large chunk does not become a thousand small ones. */
const COLLECT = 64 * 1024;
/** Bytes of input to keep, to decode them again byte by byte up to the damage. */
const HISTORY = 256 * 1024;

/**
 * Drives one of zlib's streams incrementally, and reports where the compressed data ended. Each wait ends with the
 * callback of a write, or with an error or close of the stream.
 */
export class Decompressor {
  readonly #make: () => Transform;
  readonly #stream: Transform & { readonly bytesWritten?: number };
  #history: History | null;
  #pieces: Uint8Array[] = [];
  #collected = 0;
  #fed = 0;
  #given = 0;
  #over = false;
  #closed = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;

  /** @param salvages whether to decode damaged input a second time, byte by byte */
  constructor(make: () => Transform, salvages = true) {
    this.#make = make;
    this.#history = salvages ? new History() : null;
    this.#stream = make();
    this.#stream.on('data', (piece: Buffer) => {
      this.#pieces.push(piece);
      this.#collected += piece.length;
      if (this.#collected >= COLLECT) {
        this.#stream.pause();
        this.#wake?.();
      }
    });
    this.#stream.on('error', (error) => {
      this.#error ??= error;
      this.#wake?.();
    });
    this.#stream.on('close', () => {
      this.#closed = true;
      this.#wake?.();
    });
  }

  /** The compressed data has ended. Detected only once a byte after its end was written. */
  get over(): boolean {
    return this.#over;
  }

  /**
   * Yields decoded bytes, and returns how many of `bytes` belong to the compressed data.
   * @throws zlib's error for damaged data, after yielding everything before the damage
   */
  async *decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, number> {
    const before = this.#fed;
    for (let at = 0; at < bytes.length && !this.#over && !this.#closed; at += INPUT) {
      const slice = bytes.subarray(at, at + INPUT);
      this.#fed += slice.length;
      let written = false;
      this.#stream.write(slice, () => {
        written = true;
        this.#wake?.();
      });
      yield* this.#drain(() => written);
      if (this.#error !== null) {
        if (this.#history !== null) yield* this.#salvage(this.#history, slice);
        throw this.#error;
      }
      // zlib consumes everything until its data ends.
      this.#over = this.#consumed < this.#fed;
      if (this.#history?.add(slice) === false) this.#history = null;
    }
    return Math.min(this.#consumed - before, bytes.length);
  }

  /** Ends the input and yields the rest. @throws zlib's error if the data is incomplete */
  async *finish(): AsyncGenerator<Uint8Array, void> {
    if (this.#over || this.#closed) return;
    let ended = false;
    this.#stream.once('end', () => {
      ended = true;
      this.#wake?.();
    });
    this.#stream.end();
    yield* this.#drain(() => ended);
    if (this.#error !== null) throw this.#error;
    this.#over = true;
  }

  close(): void {
    this.#stream.destroy();
  }

  get #consumed(): number {
    return this.#stream.bytesWritten ?? this.#fed;
  }

  /** Yields decoded bytes until `done`, an error or the close. */
  async *#drain(done: () => boolean): AsyncGenerator<Uint8Array, void> {
    const isSettled = (): boolean =>
      this.#closed || this.#error !== null || (done() && this.#stream.readableLength === 0);
    for (;;) {
      while (this.#collected < COLLECT && !isSettled()) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      this.#wake = null;
      if (this.#collected === 0) return;
      const [only] = this.#pieces;
      const bytes = this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces);
      this.#pieces = [];
      this.#collected = 0;
      this.#given += bytes.length;
      yield bytes;
      this.#stream.resume();
    }
  }

  /** Decodes the damaged input again, byte by byte, to recover the bytes that zlib dropped. */
  async *#salvage(history: History, damaged: Uint8Array): AsyncGenerator<Uint8Array, void> {
    const again = new Decompressor(this.#make, false);
    let known = this.#given;
    const parts = [history.bytes, ...Array.from(damaged, (_, at) => damaged.subarray(at, at + 1))];
    try {
      for (const part of parts) {
        for await (const piece of again.decode(part)) {
          if (piece.length > known) yield piece.subarray(known);
          known = Math.max(0, known - piece.length);
        }
      }
    } catch {
      // The same damage again.
    } finally {
      again.close();
    }
  }
}

/** The input so far, up to `HISTORY` bytes. */
class History {
  #buffer = Buffer.alloc(0);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Returns false if the history would become too long. */
  add(bytes: Uint8Array): boolean {
    const length = this.#length + bytes.length;
    if (length > HISTORY) return false;
    if (length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(HISTORY, Math.max(2 * this.#buffer.length, length, INPUT)));
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
    return true;
  }
}
