/** Kept between uses; a buffer that grew beyond it is let go once it is empty again. */
const RETAINED_BYTES = 1 << 20;

/**
 * Bytes collected from pieces, up to a limit. Grows by doubling, so that a long line arriving byte by byte
 * costs what it costs in one piece.
 */
export class ByteBuffer {
  /** Only the first `length` bytes are content. Replaced when it grows. */
  bytes: Uint8Array = new Uint8Array(1024);
  length = 0;
  /** Something was appended beyond the limit, and is not here. */
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
      // Few bytes cost less than the object that `set` wants, and a slow stream is made of few bytes.
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
