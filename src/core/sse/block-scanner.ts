import type { BlockKind } from './block.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { FieldName, fieldNameOf, valueStart } from './field-name.ts';
import { LINE_LIMIT } from './limits.ts';

const LF = 0x0a;
const CR = 0x0d;

/**
 * Takes what a `BlockScanner` finds: numbers, and the bytes they are about. Offsets are in the body.
 */
export interface BlockScannerSink {
  /**
   * A line that is not blank. Its value (of an unknown field: the whole line) is `bytes[from, to)`, valid during the
   * call alone; `offset` is where that begins in the body.
   * @param cut the line was longer than the limit, and its end is not in the value
   */
  field(name: FieldName, bytes: Uint8Array, from: number, to: number, offset: number, cut: boolean): void;
  /** The block of the lines so far: they are its own, and it ends here. */
  block(kind: BlockKind, start: number, end: number): void;
  /**
   * The block before ended in a CR, and the next chunk showed it to be half of a CRLF: its last byte is now the one
   * before `end`. Never called for bytes that arrive together.
   */
  grew(end: number): void;
}

/**
 * Finds the lines and blocks of an event stream in its bytes, however they are cut into chunks.
 *
 * [spec] HTML §9.2.6: "The stream must then be parsed by reading everything line by line, with a U+000D CARRIAGE RETURN
 * U+000A LINE FEED (CRLF) character pair, a single U+000A LINE FEED (LF) character not preceded by a U+000D CARRIAGE RETURN
 * (CR) character, and a single U+000D CARRIAGE RETURN (CR) character not followed by a U+000A LINE FEED (LF) character being
 * the ways in which a line can end."
 *
 * Works on bytes, which is safe because UTF-8 has no CR, LF, colon or digit inside a longer sequence. Whole lines are
 * handed on where they lie; only the unfinished line at the end of a chunk is copied, once.
 */
export class BlockScanner {
  readonly #sink: BlockScannerSink;
  readonly #line: ByteBuffer;
  readonly #lineLimit: number;
  /** Bytes taken so far. */
  #offset = 0;
  /** Where the present block began, and where its unfinished line did. */
  #blockStart = 0;
  #lineStart = 0;
  /** End of the blank lines that lead the present block's start; equal to `#blockStart` where there are none. */
  #blankEnd = 0;
  #hasLines = false;
  #hasData = false;
  #hasFields = false;
  /** No line of this body has ended yet: the next may begin with a BOM. */
  #atBodyStart = true;
  /** The last byte was a CR, so that an LF now belongs to it. */
  #afterCr = false;

  constructor(sink: BlockScannerSink, lineLimit: number = LINE_LIMIT) {
    this.#sink = sink;
    this.#lineLimit = lineLimit;
    this.#line = new ByteBuffer(lineLimit);
  }

  /** Bytes taken so far, over all bodies. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes the next bytes of the body; they may be changed afterwards. */
  push(chunk: Uint8Array): void {
    const length = chunk.length;
    if (length === 0) return;
    const base = this.#offset;
    this.#offset = base + length;
    let position = 0;
    if (this.#afterCr) {
      this.#afterCr = false;
      if (chunk[0] === LF) {
        position = 1;
        this.#finishCrLf(base + 1);
      }
    }
    // The next CR and LF at or after `position`; each is searched again only once it was passed, so every byte is
    // looked at twice at most, whatever the mixture of line endings.
    let cr = indexOrEnd(chunk, CR, position);
    let lf = -1;
    while (position < length) {
      if (lf < position) lf = chunk[position] === LF ? position : indexOrEnd(chunk, LF, position + 1);
      if (cr < position) cr = chunk[position] === CR ? position : indexOrEnd(chunk, CR, position + 1);
      const end = lf < cr ? lf : cr;
      if (end === length) break;
      let next = end + 1;
      if (end === cr) {
        if (next === length) this.#afterCr = true;
        else if (chunk[next] === LF) next++;
      }
      if (this.#line.length > 0) {
        this.#line.append(chunk, position, end);
        this.#endLine(
          this.#line.bytes,
          0,
          this.#line.length,
          this.#lineStart,
          base + next,
          this.#line.overflowed,
        );
        this.#line.clear();
      } else if (end === position) {
        this.#endBlank(base + next);
      } else if (end - position > this.#lineLimit) {
        this.#endLine(chunk, position, position + this.#lineLimit, base + position, base + next, true);
      } else {
        this.#endLine(chunk, position, end, base + position, base + next, false);
      }
      position = next;
    }
    if (position < length) {
      if (this.#line.length === 0) {
        this.#endBlanks();
        this.#lineStart = base + position;
      }
      this.#line.append(chunk, position, length);
    }
  }

  /**
   * Ends the body. [spec] "Once the end of the file is reached, any pending data must be discarded." What is pending is
   * told as a `discarded` block; the next bytes begin a new body, with its own BOM, at the next offset.
   */
  endBody(): void {
    if (this.#line.length > 0) {
      this.#endUnfinished(this.#line.bytes, this.#line.length);
      this.#line.clear();
    }
    if (this.#hasLines) this.#endBlock('discarded', this.#offset);
    else this.#endBlanks();
    this.#atBodyStart = true;
    this.#afterCr = false;
  }

  #endLine(bytes: Uint8Array, from: number, to: number, offset: number, end: number, cut: boolean): void {
    if (this.#atBodyStart) {
      const bom = bomLength(bytes, from, to);
      if (from + bom === to) return this.#endBlank(end);
      from += bom;
      offset += bom;
      this.#atBodyStart = false;
    }
    if (this.#blankEnd !== this.#blockStart) this.#endBlanks();
    const name = fieldNameOf(bytes, from, to);
    this.#hasLines = true;
    if (name === FieldName.data) this.#hasData = true;
    else if (name !== FieldName.comment) this.#hasFields = true;
    const start = valueStart(name, bytes, from, to);
    this.#sink.field(name, bytes, start, to, offset + start - from, cut);
  }

  #endBlank(end: number): void {
    this.#atBodyStart = false;
    if (this.#hasLines)
      this.#endBlock(this.#hasData ? 'event' : this.#hasFields ? 'no-data' : 'comment', end);
    else this.#blankEnd = end;
  }

  #endBlock(kind: BlockKind, end: number): void {
    const start = this.#blockStart;
    this.#blockStart = end;
    this.#blankEnd = end;
    this.#hasLines = false;
    this.#hasData = false;
    this.#hasFields = false;
    this.#sink.block(kind, start, end);
  }

  /** Tells the run of blank lines that has just come to its end. */
  #endBlanks(): void {
    const start = this.#blockStart;
    if (this.#blankEnd === start) return;
    this.#blockStart = this.#blankEnd;
    this.#sink.block('blank', start, this.#blankEnd);
  }

  /** The LF of a CRLF that was cut between two chunks; its line has already ended. */
  #finishCrLf(end: number): void {
    if (this.#hasLines) return;
    if (this.#blankEnd !== this.#blockStart) {
      this.#blankEnd = end;
      return;
    }
    this.#blockStart = end;
    this.#blankEnd = end;
    this.#sink.grew(end);
  }

  /**
   * The line that the end of the body cut off. It has no effect; data in it is told all the same, because clients that
   * do dispatch it are what people look for.
   */
  #endUnfinished(bytes: Uint8Array, to: number): void {
    const from = this.#atBodyStart ? bomLength(bytes, 0, to) : 0;
    if (from === to) {
      this.#blankEnd = this.#offset;
      return;
    }
    this.#hasLines = true;
    const name = fieldNameOf(bytes, from, to);
    const start = valueStart(name, bytes, from, to);
    const told = name === FieldName.data || name === FieldName.comment ? name : FieldName.unknown;
    this.#sink.field(told, bytes, start, to, this.#lineStart + start, this.#line.overflowed);
  }
}

/** [spec] "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any." */
export function bomLength(bytes: Uint8Array, from: number, to: number): number {
  return to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf
    ? 3
    : 0;
}

function indexOrEnd(bytes: Uint8Array, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index === -1 ? bytes.length : index;
}
