/** A larger buffer is released when it is emptied. */
const RETAINED_BYTES = 1 << 20;

/**
 * Bytes collected from pieces, up to a limit. Grows by doubling, so a long line costs the same byte by byte as in one
 * piece.
 */
export class ByteBuffer {
  /** Only the first `length` bytes are content. Replaced when it grows. */
  bytes: Uint8Array = new Uint8Array(1024);
  length = 0;
  /** Bytes beyond the limit were dropped. */
  overflowed = false;
  readonly #limit: number;

  /** @param limit the most bytes that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  append(source: Uint8Array, from: number, to: number): void {
    if (to - from > this.#limit - this.length) {
      this.overflowed = true;
      to = from + this.#limit - this.length;
    }
    const length = this.length + to - from;
    if (length > this.bytes.length) this.#grow(length);
    if (from === 0 && to === source.length && to > 4) {
      this.bytes.set(source, this.length);
    } else if (to - from > 32) {
      this.bytes.set(source.subarray(from, to), this.length);
    } else {
      // For a few bytes a loop is faster than `subarray` and `set`, and slow streams arrive in a few bytes.
      for (let i = from, at = this.length; i < to; i++, at++) this.bytes[at] = source[i] as number;
    }
    this.length = length;
  }

  clear(): void {
    this.length = 0;
    this.overflowed = false;
    if (this.bytes.length > RETAINED_BYTES) this.bytes = new Uint8Array(1024);
  }

  #grow(length: number): void {
    let capacity = this.bytes.length * 2;
    while (capacity < length) capacity *= 2;
    const grown = new Uint8Array(Math.min(capacity, Math.max(this.#limit, length)));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
