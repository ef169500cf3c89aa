/** A line of a file, without its line feed. */
export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Its bytes, valid until the next piece of the file is pushed; empty if the line is too long. */
  readonly bytes: Uint8Array;
  /** A line feed ended it; the last line of a file may lack one. */
  readonly ended: boolean;
  /** Bytes skipped because the line is too long; else 0. */
  readonly skipped: number;
}

/** The longest line that is read, in bytes: a request body of 64 MiB fits. */
export const MAX_LINE = 400 * 1024 * 1024;

const LINE_FEED = 0x0a;

/** Splits a file that arrives in pieces into lines. Keeps at most one line. */
export class FileLines {
  readonly #maxLine: number;
  readonly #take: (line: FileLine) => void;
  /** The line that has not ended yet; only the first `#length` bytes are content. */
  #pending = new Uint8Array(0);
  #length = 0;
  #skipped = 0;
  #number = 1;

  /** @param maxLine a line with more bytes is skipped */
  constructor(maxLine: number, take: (line: FileLine) => void) {
    this.#maxLine = maxLine;
    this.#take = take;
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      if (this.#length === 0 && this.#skipped === 0 && end - start <= this.#maxLine) {
        this.#take({ number: this.#number, bytes: bytes.subarray(start, end), ended: true, skipped: 0 });
      } else {
        this.#append(bytes.subarray(start, end));
        this.#flush(true);
      }
      this.#number += 1;
      start = end + 1;
    }
    this.#append(bytes.subarray(start));
  }

  /** Ends the file: reports a last line without a line feed. */
  end(): void {
    if (this.#length > 0 || this.#skipped > 0) this.#flush(false);
  }

  #append(bytes: Uint8Array): void {
    if (this.#length + this.#skipped + bytes.length > this.#maxLine) {
      this.#skipped += this.#length + bytes.length;
      this.#length = 0;
      this.#pending = new Uint8Array(0);
      return;
    }
    const needed = this.#length + bytes.length;
    if (needed > this.#pending.length) {
      const larger = new Uint8Array(Math.max(needed, this.#pending.length * 2, 1024));
      larger.set(this.#pending.subarray(0, this.#length));
      this.#pending = larger;
    }
    this.#pending.set(bytes, this.#length);
    this.#length = needed;
  }

  #flush(ended: boolean): void {
    const bytes = this.#pending.subarray(0, this.#length);
    const skipped = this.#skipped;
    this.#length = 0;
    this.#skipped = 0;
    this.#take({ number: this.#number, bytes, ended, skipped });
  }
}
