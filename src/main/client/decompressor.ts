import type { Transform } from 'node:stream';

/**
 * Bytes that zlib is given at once. It drops what it decoded since its last full output buffer when it meets damage, so the
 * steps and the buffers are small.
 */
const INPUT = 4096;
/** Size of a zlib output buffer. */
export const OUTPUT = 4096;
/** Decoded bytes to collect before they are passed on, so that a large chunk does not become a thousand small ones. */
const COLLECT = 64 * 1024;
/** Input that is kept to decode again, byte by byte, up to the damage. */
const HISTORY = 256 * 1024;

/**
 * Drives one of zlib's streams piece by piece, and tells where the compressed data ended. Every wait ends: with the write's
 * callback, or with the stream's error or close.
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

  /** `salvages` is false where an error need not be followed by a second, slower try. */
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

  /** The compressed data is over: further bytes do not belong to it. Known only once a byte beyond its end was given. */
  get over(): boolean {
    return this.#over;
  }

  /**
   * Yields what comes out for these bytes, and returns how many of them belong to the compressed data.
   * @throws zlib's error where the data is damaged, after everything that could be decoded before the damage
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
      // zlib takes all it is given until its data is over.
      this.#over = this.#consumed < this.#fed;
      if (this.#history?.add(slice) === false) this.#history = null;
    }
    return Math.min(this.#consumed - before, bytes.length);
  }

  /** Tells the stream that there is no more. Yields what it held back. @throws zlib's error where the data is not over */
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

  /** Yields what comes out until `done`, an error or the close, whichever is first. */
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

  /** Decodes again and byte by byte what holds the damage, for the bytes that zlib dropped. */
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
      // The same damage, met again.
    } finally {
      again.close();
    }
  }
}

/** The input so far, as long as it is short. */
class History {
  #buffer = Buffer.alloc(0);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** False where it became too long. */
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
