import { type BlockFlaw, type BlockKind, noFlaws, noLog } from './block.ts';
import { BlockScanner, type BlockScannerSink } from './block-scanner.ts';
import { FieldName } from './field-name.ts';
import { LineText } from './line-text.ts';
import { reconnectionTime } from './reconnection-time.ts';
import { parseServerLogLine, type ServerLogLine } from './server-log.ts';

/** Told of each block when it ends; what it holds is to be read from the parser during the call. */
export interface BlockParserSink {
  block(kind: BlockKind, start: number, end: number): void;
  /** As `BlockScannerSink.grew`. */
  grew(end: number): void;
}

/** How long what is kept of a line and of a block may be. */
export interface BlockLimits {
  /** Bytes of a line. */
  readonly line: number;
  /** Bytes of a block. */
  readonly block: number;
}

/**
 * The longest line and block that are kept, in bytes: of a line what is beyond is not in its value, of a block the
 * data and comments of lines that end beyond. The bytes themselves stay in the capture.
 */
export const defaultLimits: BlockLimits = { line: 16 * 1024 * 1024, block: 64 * 1024 * 1024 };

/** Flaws that are kept of one block, and characters of each name or value. */
const mostFlaws = 4;
const mostFlawText = 100;
/** Characters of an unknown field's value: some servers send an error in one. */
const mostFieldText = 1000;
/** Log lines that are kept of one block, and the longest comment that is one, characters. */
const mostLog = 8;
const mostLogText = 300;

/**
 * Interprets the lines of an event stream ([spec] HTML §9.2.6): bytes in, and for each block the strings that it dispatches.
 */
export class BlockParser implements BlockScannerSink {
  /** [spec] "event type buffer": empty where none was set. */
  type = '';
  /** Reconnection time in ms that the block sets, null for none. */
  retry: number | null = null;
  /** [spec] "last event ID string", after the block. */
  lastEventId = '';
  /** Some bytes of the block were not well-formed UTF-8. */
  illFormed = false;
  /** The block or one of its lines was longer than its limit. */
  cut = false;
  /** The block's ignored and broken lines, the first few. */
  flaws: readonly BlockFlaw[] = noFlaws;
  /** What the server wrote about its own work in comments. */
  log: readonly ServerLogLine[] = noLog;
  readonly #sink: BlockParserSink;
  readonly #scanner: BlockScanner;
  readonly #blockLimit: number;
  readonly #data = new LineText();
  readonly #comments = new LineText();
  /** [spec] "last event ID buffer": takes effect where a block ends. */
  #idBuffer = '';
  #blockStart = 0;

  constructor(sink: BlockParserSink, limits: BlockLimits = defaultLimits) {
    this.#sink = sink;
    this.#scanner = new BlockScanner(this, limits.line);
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

  /** Bytes taken so far, over all bodies. */
  get offset(): number {
    return this.#scanner.offset;
  }

  /** Takes the next bytes of the body. They are not kept. */
  push(bytes: Uint8Array): void {
    this.#scanner.push(bytes);
  }

  /**
   * Ends the body. The last event ID string stays for the next one, as clients have it: it belongs to the event source and
   * not to one response.
   */
  endBody(): void {
    this.#scanner.endBody();
  }

  /** For the scanner. */
  field(name: FieldName, _start: number, end: number): void {
    const scanner = this.#scanner;
    const value = scanner.value();
    if (scanner.isIllFormed(value)) this.illFormed = true;
    if (scanner.lineCut) this.cut = true;
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
        // The scanner gives the whole line of an unknown field.
        this.#flaw(unknownField(value));
        return;
    }
  }

  /** For the scanner. */
  block(kind: BlockKind, start: number, end: number): void {
    if (kind === 'discarded') this.#idBuffer = this.lastEventId;
    else this.lastEventId = this.#idBuffer;
    this.#sink.block(kind, start, end);
    this.#blockStart = end;
    this.type = '';
    this.retry = null;
    this.illFormed = false;
    this.cut = false;
    this.flaws = noFlaws;
    this.log = noLog;
    this.#data.clear();
    this.#comments.clear();
  }

  /** For the scanner. */
  grew(end: number): void {
    this.#blockStart = end;
    this.#sink.grew(end);
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
