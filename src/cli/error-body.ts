import type { CaptureRecord } from '../core/capture/record.ts';
import { decodeUtf8 } from '../core/text/utf8.ts';
import { visibleLine } from '../core/text/visible-text.ts';

/** Bytes of the body of an HTTP error that are printed. */
const SHOWN_BYTES = 2000;

/** Collects the beginning of an HTTP error's body, which often says what is wrong with the request. */
export class ErrorBody {
  #isError = false;
  #pieces: Uint8Array[] = [];
  #kept = 0;
  #total = 0;

  push(record: CaptureRecord): void {
    if (record.kind === 'response') {
      this.#isError = record.status >= 400;
      this.#pieces = [];
      this.#kept = 0;
      this.#total = 0;
    } else if (record.kind === 'chunk' && this.#isError) {
      this.#total += record.bytes.length;
      const piece = record.bytes.slice(0, SHOWN_BYTES - this.#kept);
      this.#kept += piece.length;
      if (piece.length > 0) this.#pieces.push(piece);
    }
  }

  /** The body in one line, without control characters; null if the last response is no error or has no body. */
  text(): string | null {
    if (this.#total === 0) return null;
    const bytes = new Uint8Array(this.#kept);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    // The last character may be cut.
    const text = decodeUtf8(bytes).replace(/\ufffd$/, '');
    if (/[\0\ufffd]/.test(text)) return `${this.#total} bytes that are not text`;
    const shown = visibleLine(text.trim());
    return this.#total > this.#kept ? `${shown}… (${this.#total} bytes)` : shown;
  }
}
