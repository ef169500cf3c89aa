import type { BlockKind } from './block.ts';
import { DATA_SPACE, FieldName, fieldNameOf, isSpacedData, valueStart } from './field-name.ts';
import { LineScanner } from './line-scanner.ts';
import type { LineSink } from './line-sink.ts';

/** What a block holds, each outranking those before it. */
const Seen = { comment: 1, field: 2, data: 4 } as const;

/** Takes what a `BlockScanner` finds, as numbers alone: positions are offsets in the body. */
export interface BlockScannerSink {
  /**
   * A line that is not blank, with its value's position (of an unknown field: the line's). During the call the scanner's
   * `value()` gives it as text.
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
 * Finds the blocks of an event stream in its bytes and tells their fields apart, without looking at a value. The blocks
 * of a body tile it.
 */
export class BlockScanner implements LineSink {
  readonly #sink: BlockScannerSink;
  readonly #lines: LineScanner;
  #blockStart = 0;
  /** End of the blank lines that stand at the start of the present block; equal to `#blockStart` where there are none. */
  #blankEnd = 0;
  /** What lines the present block has had: bits of `Seen`. */
  #seen = 0;
  /** Bytes of the line being told that come before its value. */
  #skipped = 0;

  /** @param lineLimit the most bytes of a line that `value()` gives */
  constructor(sink: BlockScannerSink, lineLimit: number) {
    this.#sink = sink;
    this.#lines = new LineScanner(this, lineLimit);
  }

  /** Bytes taken so far, over all bodies. */
  get offset(): number {
    return this.#lines.offset;
  }

  /** The line being told was longer than the limit, and its end is not in `value()`. */
  get lineCut(): boolean {
    return this.#lines.isCut;
  }

  /** The value of the line being told. */
  value(): string {
    return this.#lines.text(this.#skipped);
  }

  /** Whether `value`, as `value()` gave it, has U+FFFD in place of ill-formed bytes. */
  isIllFormed(value: string): boolean {
    return this.#lines.isIllFormed(value);
  }

  /** Takes the next bytes of the body. They are not kept. */
  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  /**
   * Ends the body. [spec] "Once the end of the file is reached, any pending data must be discarded." What is pending is
   * told as a `discarded` block; the next bytes begin a new body, with a BOM of its own, at the next offset.
   */
  endBody(): void {
    this.#lines.endBody();
    if (this.#seen !== 0) this.#endBlock('discarded', this.#lines.offset);
    else this.opened();
  }

  /** For the line scanner. */
  line(bytes: Uint8Array, from: number, to: number, offset: number): void {
    if (this.#blankEnd !== this.#blockStart) this.opened();
    const name = fieldNameOf(bytes, from, to);
    this.#seen |=
      name === FieldName.data ? Seen.data : name === FieldName.comment ? Seen.comment : Seen.field;
    this.#skipped = valueStart(name, bytes, from, to) - from;
    this.#sink.field(name, offset + this.#skipped, offset + to - from);
  }

  /**
   * For the line scanner. The line has no effect; data in it is told all the same, because what clients would dispatch that
   * do not discard it is worth seeing.
   */
  unfinished(bytes: Uint8Array, from: number, to: number, offset: number): void {
    this.#seen |= Seen.comment;
    const name = fieldNameOf(bytes, from, to);
    const told = name === FieldName.data || name === FieldName.comment ? name : FieldName.unknown;
    this.#skipped = valueStart(told, bytes, from, to) - from;
    this.#sink.field(told, offset + this.#skipped, offset + to - from);
  }

  /** For the line scanner. */
  blank(end: number): void {
    const seen = this.#seen;
    if (seen === 0) this.#blankEnd = end;
    else this.#endBlock(seen >= Seen.data ? 'event' : seen >= Seen.field ? 'no-data' : 'comment', end);
  }

  /** For the line scanner. */
  lineAndBlank(bytes: Uint8Array, from: number, to: number, offset: number, end: number): void {
    // In a stream of tokens nearly every event is one line of data: told without the questions that other lines ask.
    if (this.#seen === 0 && this.#blankEnd === this.#blockStart && isSpacedData(bytes, from, to)) {
      this.#skipped = DATA_SPACE;
      this.#sink.field(FieldName.data, offset + DATA_SPACE, offset + to - from);
      this.#endBlock('event', end);
    } else {
      this.line(bytes, from, to, offset);
      this.blank(end);
    }
  }

  /** For the line scanner: a run of blank lines, if there is one, has come to its end. */
  opened(): void {
    const start = this.#blockStart;
    if (this.#blankEnd === start) return;
    this.#blockStart = this.#blankEnd;
    this.#sink.block('blank', start, this.#blankEnd);
  }

  /** For the line scanner. */
  grew(end: number): void {
    if (this.#seen !== 0) return;
    if (this.#blankEnd !== this.#blockStart) {
      this.#blankEnd = end;
      return;
    }
    this.#blockStart = end;
    this.#blankEnd = end;
    this.#sink.grew(end);
  }

  #endBlock(kind: BlockKind, end: number): void {
    const start = this.#blockStart;
    this.#blockStart = end;
    this.#blankEnd = end;
    this.#seen = 0;
    this.#sink.block(kind, start, end);
  }
}
