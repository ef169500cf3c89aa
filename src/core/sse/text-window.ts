import { decodeUtf8, isIllFormed } from '../text/utf8.ts';

/** The most bytes that are decoded ahead. */
const WINDOW_BYTES = 64 * 1024;

/**
 * Gives pieces of one chunk as text. A decoder call costs as much as decoding several hundred bytes, so the first piece asked
 * for has what follows it decoded as well, and where that turns out to be ASCII the next pieces are slices of it.
 */
export class TextWindow {
  /** Whether the text given last holds U+FFFD in place of ill-formed bytes. */
  illFormed = false;
  #chunk: Uint8Array | null = null;
  #start = 0;
  #end = 0;
  /** Null where the window is not pure ASCII, and a byte's index is not its character's. */
  #text: string | null = null;

  /** Pieces asked for from here on are of `chunk`, in ascending order. */
  open(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#start = 0;
    this.#end = 0;
    this.#text = null;
  }

  /** Lets go of the chunk, which its owner may use again. */
  close(): void {
    this.#chunk = null;
    this.#text = null;
  }

  /** The text of `bytes[from, to)`; `bytes` may be another than the chunk. */
  slice(bytes: Uint8Array, from: number, to: number): string {
    if (from === to) return '';
    if (bytes !== this.#chunk) return this.#decode(bytes, from, to);
    if (to > this.#end) this.#advance(bytes, from, to);
    if (this.#text === null) return this.#decode(bytes, from, to);
    return this.#text.slice(from - this.#start, to - this.#start);
  }

  #advance(bytes: Uint8Array, from: number, to: number): void {
    const end = Math.min(bytes.length, from + WINDOW_BYTES);
    // Not worth it where the piece is most of what is left: it would be decoded twice for nothing.
    if ((to - from) * 2 > end - from) {
      this.#text = null;
      return;
    }
    const text = decodeUtf8(bytes.subarray(from, end));
    this.#start = from;
    this.#end = end;
    // Every sequence longer than a byte has fewer UTF-16 units than bytes, and an ill-formed byte is a U+FFFD.
    this.#text = text.length === end - from && !text.includes('\ufffd') ? text : null;
  }

  #decode(bytes: Uint8Array, from: number, to: number): string {
    const piece = bytes.subarray(from, to);
    const text = decodeUtf8(piece);
    if (isIllFormed(text, piece)) this.illFormed = true;
    return text;
  }
}
