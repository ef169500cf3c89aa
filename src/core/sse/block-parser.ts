import { type BlockFlaw, type BlockKind, noFlaws, noLog } from './block.ts';
import { DATA_SPACE, FieldName, fieldNameOf, isSpacedData, valueStart } from './field-name.ts';
import { LineScanner, type LineSink } from './line-scanner.ts';
import { LineText } from './line-text.ts';
import { reconnectionTime } from './reconnection-time.ts';
import { parseServerLogLine, type ServerLogLine } from './server-log.ts';

/** Called for each block when it ends. What the block holds is read from the parser during the call. Offsets are in the body. */
export interface BlockParserSink {
  block(kind: BlockKind, start: number, end: number): void;
  /**
   * The last block ended in a CR, and the next chunk began with the LF that belongs to it: the block now ends at `end`.
   * Never called for bytes that arrive together.
   */
  extended(end: number): void;
}

/** The most that is kept of a line and of a block. */
export interface BlockLimits {
  /** Bytes of a line. */
  readonly line: number;
  /** Bytes of a block. */
  readonly block: number;
}

/**
 * The default limits. The value of a longer line is cut off; in a longer block, data and comments of lines beyond the
 * limit are left out. The capture keeps all bytes.
 */
export const defaultLimits: BlockLimits = { line: 16 * 1024 * 1024, block: 64 * 1024 * 1024 };

/** Flaws kept per block, and characters kept of each name or value. */
const mostFlaws = 4;
const mostFlawText = 100;
/** Characters kept of the value of an unknown field: some servers send an error in one. */
const mostFieldText = 1000;
/** Log lines kept per block, and the longest comment that is read as a log line, in characters. */
const mostLog = 8;
const mostLogText = 300;

/** What a block contains, in ascending rank. */
const Seen = { comment: 1, field: 2, data: 4 } as const;

/**
 * Interprets the lines of an event stream ([spec] HTML §9.2.6): takes bytes and gives the strings of each block.
 * The blocks of a body tile it.
 */
export class BlockParser implements LineSink {
  /** [spec] "event type buffer": empty where none was set. */
  type = '';
  /** Reconnection time in ms that the block sets, or null. */
  retry: number | null = null;
  /** [spec] "last event ID string", after the block. */
  lastEventId = '';
  /** Some bytes of the block were not well-formed UTF-8. */
  illFormed = false;
  /** The block or one of its lines was longer than its limit. */
  cut = false;
  /** The first few lines of the block that were ignored or that broke it. */
  flaws: readonly BlockFlaw[] = noFlaws;
  /** Log lines that the server wrote in comments. */
  log: readonly ServerLogLine[] = noLog;
  readonly #sink: BlockParserSink;
  readonly #lines: LineScanner;
  readonly #blockLimit: number;
  readonly #data = new LineText();
  readonly #comments = new LineText();
  /** [spec] "last event ID buffer": takes effect where a block ends. */
  #idBuffer = '';
  #blockStart = 0;
  /** End of the blank lines at the start of the current block; equal to `#blockStart` without any. */
  #blankEnd = 0;
  /** Kinds of lines in the current block so far: bits of `Seen`. */
  #seen = 0;

  constructor(sink: BlockParserSink, limits: BlockLimits = defaultLimits) {
    this.#sink = sink;
    this.#lines = new LineScanner(this, limits.line);
    this.#blockLimit = limits.block;
  }

  /** [spec] "data buffer", without its last line feed. */
  get data(): string {
    return this.#data.text;
  }

  /** The comments, joined by line feeds. */
  get comments(): string {
    return this.#comments.text;
  }

  /** Bytes read so far, over all bodies. */
  get offset(): number {
    return this.#lines.offset;
  }

  /** Reads the next bytes of the body. The caller may reuse them afterwards. */
  push(bytes: Uint8Array): void {
    this.#lines.push(bytes);
  }

  /**
   * Ends the body. [spec] "Once the end of the file is reached, any pending data must be discarded." Pending data
   * becomes a `discarded` block. The next bytes begin a new body, which may have a BOM. The last event ID string is
   * kept: it belongs to the event source, not to one response.
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
    this.#field(name, valueStart(name, bytes, from, to) - from, offset + to - from);
  }

  /**
   * For the line scanner. The line has no effect. Its data is kept anyway, to show what a client that does not discard
   * it would dispatch.
   */
  unfinished(bytes: Uint8Array, from: number, to: number, offset: number): void {
    this.#seen |= Seen.comment;
    const name = fieldNameOf(bytes, from, to);
    const kept = name === FieldName.data || name === FieldName.comment ? name : FieldName.unknown;
    this.#field(kept, valueStart(kept, bytes, from, to) - from, offset + to - from);
  }

  /** For the line scanner. */
  blank(end: number): void {
    const seen = this.#seen;
    if (seen === 0) this.#blankEnd = end;
    else this.#endBlock(seen >= Seen.data ? 'event' : seen >= Seen.field ? 'no-data' : 'comment', end);
  }

  /** For the line scanner. */
  lineAndBlank(bytes: Uint8Array, from: number, to: number, offset: number, end: number): void {
    // Fast path: in a stream of tokens nearly every event is one line of data.
    if (this.#seen === 0 && this.#blankEnd === this.#blockStart && isSpacedData(bytes, from, to)) {
      this.#field(FieldName.data, DATA_SPACE, offset + to - from);
      this.#endBlock('event', end);
    } else {
      this.line(bytes, from, to, offset);
      this.blank(end);
    }
  }

  /** For the line scanner: a run of blank lines, if there is one, has ended. */
  opened(): void {
    if (this.#blankEnd !== this.#blockStart) this.#endBlock('blank', this.#blankEnd);
  }

  /** For the line scanner. */
  extended(end: number): void {
    if (this.#seen !== 0) return;
    const isBlankRun = this.#blankEnd !== this.#blockStart;
    this.#blankEnd = end;
    if (isBlankRun) return;
    this.#blockStart = end;
    this.#sink.extended(end);
  }

  /**
   * Applies the current line.
   * @param skipped its bytes before the value; the value of an unknown field is the whole line
   * @param end where it ends in the body
   */
  #field(name: FieldName, skipped: number, end: number): void {
    const lines = this.#lines;
    const value = lines.text(skipped);
    if (lines.isIllFormed(value)) this.illFormed = true;
    if (lines.isCut) this.cut = true;
    switch (name) {
      case FieldName.data:
        if (this.#hasRoom(end)) this.#data.add(value);
        return;
      case FieldName.event:
        this.type = value;
        return;
      case FieldName.id:
        // [spec] "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field
        // value. Otherwise, ignore the field."
        if (value.includes('\0')) this.#flaw({ kind: 'id-contains-null' });
        else this.#idBuffer = value;
        return;
      case FieldName.retry:
        this.#setRetry(value);
        return;
      case FieldName.comment:
        if (this.#hasRoom(end)) this.#comments.add(value);
        if (value.length <= mostLogText && this.log.length < mostLog) this.#logLine(value);
        return;
      case FieldName.unknown:
        this.#flaw(unknownField(value));
        return;
    }
  }

  #endBlock(kind: BlockKind, end: number): void {
    if (kind === 'discarded') this.#idBuffer = this.lastEventId;
    else this.lastEventId = this.#idBuffer;
    const start = this.#blockStart;
    this.#blockStart = end;
    this.#blankEnd = end;
    this.#seen = 0;
    this.#sink.block(kind, start, end);
    this.type = '';
    this.retry = null;
    this.illFormed = false;
    this.cut = false;
    this.flaws = noFlaws;
    this.log = noLog;
    this.#data.clear();
    this.#comments.clear();
  }

  #setRetry(value: string): void {
    const time = reconnectionTime(value);
    if (time === null) this.#flaw({ kind: 'retry-invalid', value: value.slice(0, mostFlawText) });
    else this.retry = time;
  }

  #logLine(comment: string): void {
    const line = parseServerLogLine(comment);
    if (line !== null) this.log = [...this.log, line];
  }

  #flaw(flaw: BlockFlaw): void {
    if (this.flaws.length < mostFlaws) this.flaws = [...this.flaws, flaw];
  }

  /** Whether a line that ends at `end` is still within the limit of its block. */
  #hasRoom(end: number): boolean {
    if (end - this.#blockStart <= this.#blockLimit) return true;
    this.cut = true;
    return false;
  }
}

function unknownField(line: string): BlockFlaw {
  if (line.startsWith('\ufeff')) return { kind: 'stray-bom' };
  const colon = line.indexOf(':');
  const end = colon === -1 ? line.length : colon;
  // [spec] "If value starts with a U+0020 SPACE character, remove it from value."
  const start = line[end + 1] === ' ' ? end + 2 : end + 1;
  return {
    kind: 'unknown-field',
    name: line.slice(0, Math.min(end, mostFlawText)),
    value: line.slice(start, start + mostFieldText),
  };
}
