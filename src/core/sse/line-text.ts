import { isIllFormed, decodeUtf8, sequenceBoundary } from '../text/utf8.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { TextWindow } from './text-window.ts';

const LINE_FEED = new Uint8Array([0x0a]);

/**
 * The text of lines joined by line feeds: the data of a block, or its comments. One line is text at once; more are
 * collected as bytes, so that a million short lines cost their bytes and one decoding.
 */
export class LineText {
  illFormed = false;
  cut = false;
  #lines = 0;
  #first = '';
  readonly #limit: number;
  #rest: ByteBuffer | null = null;
  #firstBytes = 0;

  /** @param limit the most bytes that are kept, of all lines with the line feeds between them */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(window: TextWindow, bytes: Uint8Array, from: number, to: number): void {
    if (this.#lines++ === 0) {
      if (to - from > this.#limit) {
        to = sequenceBoundary(bytes, from, from + this.#limit);
        this.cut = true;
      }
      this.#firstBytes = to - from;
      this.#first = window.slice(bytes, from, to);
      return;
    }
    if (this.cut) return;
    this.#rest ??= new ByteBuffer(this.#limit);
    const room = this.#limit - this.#firstBytes - this.#rest.length;
    if (to - from + 1 > room) {
      this.cut = true;
      if (room === 0) return;
      to = sequenceBoundary(bytes, from, from + room - 1);
    }
    this.#rest.append(LINE_FEED, 0, 1);
    this.#rest.append(bytes, from, to);
  }

  /** The text so far; the next line begins a new one. Read `illFormed` and `cut` after it and before `clear`. */
  take(): string {
    let text = this.#first;
    if (this.#rest !== null && this.#rest.length > 0) {
      const bytes = this.#rest.bytes.subarray(0, this.#rest.length);
      const rest = decodeUtf8(bytes);
      if (isIllFormed(rest, bytes)) this.illFormed = true;
      text += rest;
      this.#rest.clear();
    }
    this.#lines = 0;
    this.#first = '';
    this.#firstBytes = 0;
    return text;
  }
}
