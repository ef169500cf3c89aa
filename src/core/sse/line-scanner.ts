import { decodeUtf8, isIllFormed, sequenceBoundary, sequenceRest } from '../text/utf8.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { bomLength, CR, endingAt, LF, lineEnd } from './line-ending.ts';

/** Receives what a `LineScanner` finds. Offsets are in the body. */
export interface LineSink {
  /** A line that is not empty: `bytes[from, to)`, valid during the call. Its first byte is at `offset`. */
  line(bytes: Uint8Array, from: number, to: number, offset: number): void;
  /** An empty line; its line ending ends at `end`. */
  blank(end: number): void;
  /** A line and the empty line after it, in one call: the common case in an event stream. */
  lineAndBlank(bytes: Uint8Array, from: number, to: number, offset: number, end: number): void;
  /** A line has begun that will be reported later. */
  opened(): void;
  /** As `line`, for a line cut off by the end of the body. */
  unfinished(bytes: Uint8Array, from: number, to: number, offset: number): void;
  /** The last reported line ended in CR, and the next chunk began with the LF of the same line ending. */
  extended(end: number): void;
}

/** The most bytes decoded at once. */
const WINDOW_BYTES = 64 * 1024;

/** Chunks up to this size are scanned byte by byte: for them decoding and searching cost more. */
const SMALL_BYTES = 128;

/** Chunks up to this size are joined to a much shorter open line. */
const JOINED_BYTES = 4096;

/**
 * Finds the lines of a body in its bytes, however they are cut into chunks.
 *
 * [spec] HTML §9.2.6: lines end with "a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A LINE
 * FEED (LF) character not preceded by a U+000D CARRIAGE RETURN (CR) character, and a single U+000D CARRIAGE RETURN (CR)
 * character not followed by a U+000A LINE FEED (LF) character".
 *
 * Searching a string is several times faster than searching bytes, and decoding is faster than either. So a whole chunk
 * is decoded, line endings are found in the text, and then located in the bytes: never earlier than in the text,
 * because no byte sequence decodes to more UTF-16 units than it has bytes. A line cut off by the end of the chunk is
 * kept as bytes and decoded when it is complete.
 */
export class LineScanner {
  readonly #sink: LineSink;
  readonly #lineLimit: number;
  /** Bytes read so far. */
  #offset = 0;
  /** The line that has not ended yet, and where it began. */
  readonly #open: ByteBuffer;
  #openStart = 0;
  /** No line of this body has ended yet: the next may begin with a BOM. */
  #atBodyStart = true;
  /** The last byte was a CR: an LF now belongs to it. */
  #afterCr = false;
  /** The current line: its bytes and, if they are decoded already, its text. */
  #bytes: Uint8Array = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #text: string | null = null;
  #textFrom = 0;
  #textTo = 0;
  /** The decoded text contains U+FFFD, sent or substituted. */
  #hasReplacements = false;
  #isCut = false;
  /** The last chunk was mostly not ASCII. */
  #isWide = false;

  /** @param lineLimit the most bytes of a line that are reported */
  constructor(sink: LineSink, lineLimit: number) {
    this.#sink = sink;
    this.#lineLimit = lineLimit;
    this.#open = new ByteBuffer(lineLimit);
  }

  /** Bytes read so far, over all bodies. */
  get offset(): number {
    return this.#offset;
  }

  /** The current line exceeded the limit and lacks its end. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The text of the current line without its first `skipped` bytes, which must be ASCII. */
  text(skipped: number): string {
    if (this.#text !== null) return this.#text.slice(this.#textFrom + skipped, this.#textTo);
    const from = this.#from + skipped;
    return from === this.#to ? '' : decodeUtf8(this.#bytes.subarray(from, this.#to), this.#isWide);
  }

  /** Whether `text`, from the current line, has U+FFFD in place of ill-formed bytes. */
  isIllFormed(text: string): boolean {
    if (this.#text !== null && !this.#hasReplacements) return false;
    return isIllFormed(text, this.#bytes, this.#from, this.#to);
  }

  /** Reads the next bytes of the body. The caller may reuse them afterwards. */
  push(chunk: Uint8Array): void {
    const { length } = chunk;
    if (length <= SMALL_BYTES) {
      this.#scanBytes(chunk);
    } else if (this.#isWorthJoining(length)) {
      this.#scanJoined(chunk);
    } else if (length <= WINDOW_BYTES) {
      const from = this.#takeChunk(chunk);
      this.#scanText(chunk, from, this.#offset - length);
    } else {
      for (let at = 0; at < length; at += WINDOW_BYTES) this.push(chunk.subarray(at, at + WINDOW_BYTES));
    }
  }

  /** Ends the body. The next bytes begin another, which may have a BOM. */
  endBody(): void {
    if (this.#open.length > 0) {
      const { bytes, length } = this.#open;
      const from = this.#takeBom(bytes, 0, length);
      if (from === length) this.#sink.blank(this.#offset);
      else this.#reportOpen(from, true);
      this.#open.clear();
    }
    this.#atBodyStart = true;
    this.#afterCr = false;
  }

  #scanBytes(chunk: Uint8Array): void {
    const base = this.#offset;
    let from = this.#takeChunk(chunk);
    let to = lineEnd(chunk, from);
    while (to < chunk.length) {
      const next = this.#afterEnding(chunk, to);
      if (from < to || this.#open.length > 0) {
        this.#keep(chunk, from, to, base);
        this.#endOpen(base + next);
      } else {
        this.#endBlank(base + next);
      }
      from = next;
      to = lineEnd(chunk, from);
    }
    if (from < to) this.#keep(chunk, from, to, base);
  }

  #isWorthJoining(length: number): boolean {
    const open = this.#open.length;
    return length <= JOINED_BYTES && open > 0 && open * 2 <= length && open + length <= this.#lineLimit;
  }

  /**
   * Appends a chunk to the open line and scans both together: cheaper than scanning the line alone. Only for a line
   * much shorter than the chunk, so that no line is scanned again and again.
   */
  #scanJoined(chunk: Uint8Array): void {
    this.#offset += chunk.length;
    this.#open.append(chunk, 0, chunk.length);
    const joined = this.#open.bytes.subarray(0, this.#open.length);
    this.#open.clear();
    this.#scanText(joined, 0, this.#openStart);
  }

  /** Scans bytes from index `at`, where a line begins or continues; `base` is the offset of the first byte. */
  #scanText(chunk: Uint8Array, at: number, base: number): void {
    // The current line begins at `at` in the bytes, at `from` in the text.
    let from = at;
    // Sequences cut in two by the ends of the chunk are not decoded: a decoder is many times slower at an error. The
    // last one belongs to a line that is not reported yet; a first line that begins with the rest of one is reported
    // from its bytes.
    const rest = sequenceRest(chunk);
    const whole = sequenceBoundary(chunk, rest, chunk.length);
    const isWhole = rest === 0 && whole === chunk.length;
    const text = decodeUtf8(isWhole ? chunk : chunk.subarray(rest, whole), this.#isWide);
    const length = text.length;
    this.#isWide = length < chunk.length * 0.9;
    this.#text = text;
    this.#bytes = chunk;
    this.#hasReplacements = text.includes('\ufffd');
    const lineLimit = this.#lineLimit;
    // The first line is copied if an earlier part of it was, or if it may have a BOM.
    let isOpen = this.#open.length > 0 || this.#atBodyStart || rest > 0;
    // The next LF and CR at or after `from`. Each is searched again only when passed: every line ending is searched at
    // most twice.
    let lf = -1;
    let cr = indexOrEnd(text, '\r', from);
    while (from < length) {
      if (lf < from) lf = indexOrEnd(text, '\n', from);
      if (cr < from) cr = indexOrEnd(text, '\r', from);
      const to = lf < cr ? lf : cr;
      if (to === length) break;
      const end = endingAt(chunk, to === lf ? LF : CR, at + to - from);
      this.#textFrom = from;
      this.#textTo = to;
      const next = chunk[end] === LF ? end + 1 : this.#afterEnding(chunk, end);
      if (isOpen || end - at > lineLimit) {
        isOpen = false;
        this.#text = null;
        this.#keep(chunk, at, end, base);
        this.#endOpen(base + next);
        this.#text = text;
        this.#bytes = chunk;
      } else if (end === at) {
        this.#sink.blank(base + next);
      } else {
        this.#from = at;
        this.#to = end;
        if (chunk[next] === LF) {
          this.#sink.lineAndBlank(chunk, at, end, base + at, base + next + 1);
          from = to + next - end + 1;
          at = next + 1;
          continue;
        }
        this.#sink.line(chunk, at, end, base + at);
      }
      from = to + next - end;
      at = next;
    }
    this.#text = null;
    if (at < chunk.length) this.#keep(chunk, at, chunk.length, base);
  }

  /**
   * Counts the bytes of a chunk.
   * @returns where its first line begins: after the LF that completes a CRLF, if there is one
   */
  #takeChunk(chunk: Uint8Array): number {
    const base = this.#offset;
    this.#offset = base + chunk.length;
    if (!this.#afterCr || chunk.length === 0) return 0;
    this.#afterCr = false;
    if (chunk[0] !== LF) return 0;
    this.#sink.extended(base + 1);
    return 1;
  }

  /** Index after the line ending at `end`. */
  #afterEnding(chunk: Uint8Array, end: number): number {
    const next = end + 1;
    if (chunk[end] === LF) return next;
    if (next === chunk.length) this.#afterCr = true;
    return chunk[next] === LF ? next + 1 : next;
  }

  /** Appends bytes to the open line, or opens one; `base` is the offset of the chunk. */
  #keep(chunk: Uint8Array, from: number, to: number, base: number): void {
    if (this.#open.length === 0) {
      this.#openStart = base + from;
      this.#sink.opened();
    }
    this.#open.append(chunk, from, to);
  }

  #endOpen(end: number): void {
    const from = this.#takeBom(this.#open.bytes, 0, this.#open.length);
    if (from === this.#open.length) this.#sink.blank(end);
    else this.#reportOpen(from, false);
    this.#open.clear();
  }

  #endBlank(end: number): void {
    this.#atBodyStart = false;
    this.#sink.blank(end);
  }

  #reportOpen(from: number, isUnfinished: boolean): void {
    const { bytes, length, overflowed } = this.#open;
    this.#isCut = overflowed;
    this.#bytes = bytes;
    this.#from = from;
    this.#to = overflowed ? sequenceBoundary(bytes, from, length) : length;
    if (isUnfinished) this.#sink.unfinished(bytes, from, this.#to, this.#openStart + from);
    else this.#sink.line(bytes, from, this.#to, this.#openStart + from);
    this.#isCut = false;
  }

  /** Where a line begins: after the BOM if it is the first of its body and has one. */
  #takeBom(bytes: Uint8Array, from: number, to: number): number {
    if (!this.#atBodyStart) return from;
    this.#atBodyStart = false;
    return from + bomLength(bytes, from, to);
  }
}

function indexOrEnd(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from);
  return index === -1 ? text.length : index;
}
