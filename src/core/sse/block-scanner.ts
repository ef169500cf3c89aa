import { decodeUtf8, isIllFormed, sequenceBoundary } from '../text/utf8.ts';
import type { BlockKind } from './block.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { FieldName, fieldNameOf, valueStart } from './field-name.ts';

const LF = 0x0a;
const CR = 0x0d;

/** Length of "data: ". */
const DATA_SPACE = 6;

/** The most bytes that are decoded at once. */
const WINDOW_BYTES = 64 * 1024;

/** A chunk up to this long is read byte by byte: the calls that are fast on many bytes cost more than a few do. */
const SMALL_BYTES = 128;

/** What a block holds, each outranking those before it. */
const Seen = { comment: 1, field: 2, data: 4 } as const;

/** Takes what a `BlockScanner` finds, as numbers alone: positions are offsets in the body. */
export interface BlockScannerSink {
  /**
   * A line that is not blank, with its value's position (of an unknown field: the line's). During the call the scanner's
   * `value()` gives it as text, and `lineCut` tells whether it is whole.
   */
  field(name: FieldName, start: number, end: number): void;
  /** The block of the lines told before ends here. */
  block(kind: BlockKind, start: number, end: number): void;
  /**
   * The block told last ended in a CR, and the next chunk showed it to be half of a CRLF: it now ends at `end`. Never
   * called for bytes that arrive together.
   */
  grew(end: number): void;
}

/**
 * Finds the lines and blocks of an event stream in its bytes, however they are cut into chunks.
 *
 * [spec] HTML §9.2.6: lines end with "a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A LINE FEED
 * (LF) character not preceded by a U+000D CARRIAGE RETURN (CR) character, and a single U+000D CARRIAGE RETURN (CR) character not
 * followed by a U+000A LINE FEED (LF) character".
 *
 * Searching a string is several times faster than searching bytes, and decoding is faster than either. So a chunk is decoded
 * at once, its lines are found in the text, and each is found again in the bytes, where it cannot end earlier: no
 * sequence of bytes decodes to more UTF-16 units than it has bytes. What is cut by the end of the chunk is kept as bytes and
 * decoded when it is whole, so that a sequence cut in two is no matter.
 */
export class BlockScanner {
  readonly #sink: BlockScannerSink;
  readonly #lineLimit: number;
  /** Bytes taken so far. */
  #offset = 0;
  /** The line that has begun and not ended, and where it began. */
  readonly #open: ByteBuffer;
  #openStart = 0;
  #blockStart = 0;
  /** End of the blank lines that stand at the start of the present block; equal to `#blockStart` where there are none. */
  #blankEnd = 0;
  /** What lines the present block has had: bits of `Seen`. */
  #seen = 0;
  /** No line of this body has ended yet: the next may begin with a BOM. */
  #atBodyStart = true;
  /** The last byte was a CR, so that an LF now belongs to it. */
  #afterCr = false;
  /** The value that is being told: bytes, and where they were decoded already, their text. */
  #bytes: Uint8Array = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #text: string | null = null;
  #textFrom = 0;
  #textTo = 0;
  /** The decoded text holds U+FFFD, which may have been sent or not. */
  #hasReplacements = false;
  #lineCut = false;

  /** @param lineLimit the most bytes of a line that `value()` gives */
  constructor(sink: BlockScannerSink, lineLimit: number) {
    this.#sink = sink;
    this.#lineLimit = lineLimit;
    this.#open = new ByteBuffer(lineLimit);
  }

  /** Bytes taken so far, over all bodies. */
  get offset(): number {
    return this.#offset;
  }

  /** The line being told was longer than the limit, and its end is not in `value()`. */
  get lineCut(): boolean {
    return this.#lineCut;
  }

  /** The value of the line being told. */
  value(): string {
    if (this.#text !== null) return this.#text.slice(this.#textFrom, this.#textTo);
    if (this.#from === this.#to) return '';
    return decodeUtf8(this.#bytes.subarray(this.#from, this.#to));
  }

  /** Whether `value`, as `value()` gave it, has U+FFFD in place of ill-formed bytes. */
  isIllFormed(value: string): boolean {
    if (this.#text !== null && !this.#hasReplacements) return false;
    return isIllFormed(value, this.#bytes, this.#from, this.#to);
  }

  /** Takes the next bytes of the body. They are not kept. */
  push(chunk: Uint8Array): void {
    if (chunk.length <= SMALL_BYTES) {
      this.#scanBytes(chunk);
    } else if (chunk.length <= WINDOW_BYTES) {
      this.#scanText(chunk);
    } else {
      for (let at = 0; at < chunk.length; at += WINDOW_BYTES)
        this.#scanText(chunk.subarray(at, at + WINDOW_BYTES));
    }
  }

  /**
   * Ends the body. [spec] "Once the end of the file is reached, any pending data must be discarded." What is pending is
   * told as a `discarded` block; the next bytes begin a new body, with a BOM of its own, at the next offset.
   */
  endBody(): void {
    if (this.#open.length > 0) this.#endUnfinished();
    if (this.#seen !== 0) this.#endBlock('discarded', this.#offset);
    else this.#endBlanks();
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

  #scanText(chunk: Uint8Array): void {
    const base = this.#offset;
    // The present line begins at `at` in the bytes, at `from` in the text.
    let at = this.#takeChunk(chunk);
    let from = at;
    const text = decodeUtf8(chunk);
    const length = text.length;
    this.#hasReplacements = text.includes('\ufffd');
    // The next of each at or after `from`. Searched again only once passed, so that any mixture of line endings is
    // searched twice at most.
    this.#text = text;
    let lf = -1;
    let cr = indexOrEnd(text, '\r', from);
    while (from < length) {
      if (lf < from) lf = indexOrEnd(text, '\n', from);
      if (cr < from) cr = indexOrEnd(text, '\r', from);
      const to = lf < cr ? lf : cr;
      if (to === length) break;
      let end = at + to - from;
      while (chunk[end] !== LF && chunk[end] !== CR) end++;
      this.#textFrom = from;
      this.#textTo = to;
      if (chunk[end] === LF && chunk[end + 1] === LF && this.#isLoneData(chunk, at, end)) {
        this.#tell(FieldName.data, chunk, at, at + DATA_SPACE, end, base + at);
        this.#endBlock('event', base + end + 2);
        from = to + 2;
        at = end + 2;
        continue;
      }
      const next = this.#afterEnding(chunk, end);
      this.#endLineOf(chunk, at, end, base, base + next);
      from = to + next - end;
      at = next;
      // Most lines are followed by a blank one, which needs no search.
      if (chunk[at] === LF) {
        at++;
        from++;
        this.#endBlank(base + at);
      }
    }
    this.#text = null;
    if (at < chunk.length) this.#keep(chunk, at, chunk.length, base);
  }

  /**
   * Counts the bytes of a chunk in.
   * @returns where its first line begins: after the LF, where it finishes a CRLF
   */
  #takeChunk(chunk: Uint8Array): number {
    const base = this.#offset;
    this.#offset = base + chunk.length;
    if (!this.#afterCr || chunk.length === 0) return 0;
    this.#afterCr = false;
    if (chunk[0] !== LF) return 0;
    this.#finishCrLf(base + 1);
    return 1;
  }

  /**
   * Whether a line that a blank one follows is the whole of an event, its only line "data: …". In a stream of tokens nearly
   * all are, and are then told without the questions that other lines ask.
   */
  #isLoneData(chunk: Uint8Array, from: number, to: number): boolean {
    return (
      this.#seen === 0 &&
      to - from > DATA_SPACE &&
      to - from <= this.#lineLimit &&
      chunk[from] === 0x64 &&
      chunk[from + 1] === 0x61 &&
      chunk[from + 2] === 0x74 &&
      chunk[from + 3] === 0x61 &&
      chunk[from + 4] === 0x3a &&
      chunk[from + 5] === 0x20 &&
      this.#open.length === 0 &&
      this.#blankEnd === this.#blockStart &&
      !this.#atBodyStart
    );
  }

  /** Index after the line ending at `end`. */
  #afterEnding(chunk: Uint8Array, end: number): number {
    const next = end + 1;
    if (chunk[end] === LF) return next;
    if (next === chunk.length) this.#afterCr = true;
    return chunk[next] === LF ? next + 1 : next;
  }

  #endLineOf(chunk: Uint8Array, from: number, to: number, base: number, end: number): void {
    if (this.#open.length > 0 || to - from > this.#lineLimit) {
      const text = this.#text;
      this.#text = null;
      this.#keep(chunk, from, to, base);
      this.#endOpen(end);
      this.#text = text;
    } else if (from === to) {
      this.#endBlank(end);
    } else {
      this.#endLine(chunk, from, to, base + from, end);
    }
  }

  /** Adds bytes to the open line, or opens one; `base` is the offset of the chunk. */
  #keep(chunk: Uint8Array, from: number, to: number, base: number): void {
    if (this.#open.length === 0) {
      this.#openStart = base + from;
      if (this.#blankEnd !== this.#blockStart) this.#endBlanks();
    }
    this.#open.append(chunk, from, to);
  }

  #endOpen(end: number): void {
    const { bytes, length } = this.#open;
    this.#lineCut = this.#open.overflowed;
    this.#endLine(
      bytes,
      0,
      this.#lineCut ? sequenceBoundary(bytes, 0, length) : length,
      this.#openStart,
      end,
    );
    this.#lineCut = false;
    this.#open.clear();
  }

  /** A line, which may hold nothing but the BOM; `offset` is its first byte's, `end` that after its ending. */
  #endLine(bytes: Uint8Array, from: number, to: number, offset: number, end: number): void {
    if (this.#atBodyStart) {
      const bom = bomLength(bytes, from, to);
      if (from + bom === to) return this.#endBlank(end);
      from += bom;
      offset += bom;
      if (bom > 0) this.#textFrom++;
      this.#atBodyStart = false;
    }
    if (this.#blankEnd !== this.#blockStart) this.#endBlanks();
    const name = fieldNameOf(bytes, from, to);
    this.#seen |=
      name === FieldName.data ? Seen.data : name === FieldName.comment ? Seen.comment : Seen.field;
    this.#tell(name, bytes, from, valueStart(name, bytes, from, to), to, offset);
  }

  /** Tells the line `bytes[from, to)` at `offset`, whose value begins at `start`. */
  #tell(name: FieldName, bytes: Uint8Array, from: number, start: number, to: number, offset: number): void {
    this.#bytes = bytes;
    this.#from = start;
    this.#to = to;
    // Name, colon and space are ASCII: so many bytes, so many units.
    this.#textFrom += start - from;
    this.#sink.field(name, offset + start - from, offset + to - from);
  }

  #endBlank(end: number): void {
    this.#atBodyStart = false;
    const seen = this.#seen;
    if (seen === 0) this.#blankEnd = end;
    else this.#endBlock(seen >= Seen.data ? 'event' : seen >= Seen.field ? 'no-data' : 'comment', end);
  }

  #endBlock(kind: BlockKind, end: number): void {
    const start = this.#blockStart;
    this.#blockStart = end;
    this.#blankEnd = end;
    this.#seen = 0;
    this.#sink.block(kind, start, end);
  }

  /** Tells the run of blank lines that has just come to its end, if there is one. */
  #endBlanks(): void {
    const start = this.#blockStart;
    if (this.#blankEnd === start) return;
    this.#blockStart = this.#blankEnd;
    this.#sink.block('blank', start, this.#blankEnd);
  }

  /** The LF of a CRLF that was cut between two chunks; its line has already ended. */
  #finishCrLf(end: number): void {
    if (this.#seen !== 0) return;
    if (this.#blankEnd !== this.#blockStart) {
      this.#blankEnd = end;
      return;
    }
    this.#blockStart = end;
    this.#blankEnd = end;
    this.#sink.grew(end);
  }

  /**
   * The line that the end of the body cut off. It has no effect; data in it is told all the same, because what clients
   * would dispatch that do not discard it is worth seeing.
   */
  #endUnfinished(): void {
    const { bytes, length, overflowed } = this.#open;
    const from = this.#atBodyStart ? bomLength(bytes, 0, length) : 0;
    if (from === length) {
      this.#blankEnd = this.#offset;
    } else {
      this.#seen |= Seen.comment;
      this.#lineCut = overflowed;
      const name = fieldNameOf(bytes, from, length);
      const told = name === FieldName.data || name === FieldName.comment ? name : FieldName.unknown;
      const to = overflowed ? sequenceBoundary(bytes, from, length) : length;
      this.#tell(told, bytes, from, valueStart(told, bytes, from, to), to, this.#openStart + from);
      this.#lineCut = false;
    }
    this.#open.clear();
  }
}

/** [spec] "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any." */
export function bomLength(bytes: Uint8Array, from: number, to: number): number {
  return to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf
    ? 3
    : 0;
}

function indexOrEnd(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from);
  return index === -1 ? text.length : index;
}

/** Index of the first line feed or carriage return at or after `from`; the length where there is none. */
function lineEnd(bytes: Uint8Array, from: number): number {
  const length = bytes.length;
  let i = from;
  for (; i < length; i++) {
    const byte = bytes[i] as number;
    if (byte <= CR && (byte === LF || byte === CR)) break;
  }
  return i;
}
