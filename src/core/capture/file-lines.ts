/** A line of a file, without its line feed. */
export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Its bytes; none where it is too long. Good until the next piece of the file is pushed. */
  readonly bytes: Uint8Array;
  /** Whether a line feed ended it; the last line of a file may have none. */
  readonly ended: boolean;
  /** Bytes that were left out because the line is too long; 0 where it is whole. */
  readonly skipped: number;
}

/** Longest line that readers of captures take, bytes: a request body of 64 MiB still fits. */
export const MAX_LINE = 400 * 1024 * 1024;

const LINE_FEED = 0x0a;

/** Cuts a file that comes in pieces, cut anywhere, into its lines. It holds one line at most. */
export class FileLines {
  readonly #maxLine: number;
  readonly #take: (line: FileLine) => void;
  /** Bytes of the line that has not ended; the first `#length` count. */
  #pending = new Uint8Array(0);
  #length = 0;
  #skipped = 0;
  #number = 1;

  /** @param maxLine bytes of a line beyond which it is left out */
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

  /** Ends the file: gives the last line, where it has no line feed. */
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
