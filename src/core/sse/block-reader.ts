import type { At } from '../capture/record.ts';
import type { Block, BlockKind } from './block.ts';
import { BlockScanner, type BlockScannerSink } from './block-scanner.ts';
import { FieldName } from './field-name.ts';
import { LineText } from './line-text.ts';
import { BLOCK_LIMIT, LINE_LIMIT } from './limits.ts';
import { sequenceBoundary } from '../text/utf8.ts';
import { TextWindow } from './text-window.ts';

/** Takes the blocks of a body, in order. */
export interface BlockSink {
  block(block: Block): void;
  /**
   * The line feed of a CRLF that was cut between two chunks, whose CR had ended the block told last: the block's range
   * and its chunks are now these. It is the same event, told when the standard dispatches it.
   */
  blockGrew(block: Block): void;
}

export interface BlockLimits {
  /** Bytes of a line. */
  readonly line: number;
  /** Bytes of a block's data, and of its comments. */
  readonly block: number;
}

/**
 * Reads an event stream: bytes in chunks to blocks, with what each dispatches ([spec] HTML §9.2.6).
 */
export class BlockReader implements BlockScannerSink {
  readonly #sink: BlockSink;
  readonly #scanner: BlockScanner;
  readonly #window = new TextWindow();
  readonly #data: LineText;
  readonly #comments: LineText;
  #type = '';
  #retry: number | null = null;
  #illFormed = false;
  #cut = false;
  /** [spec] "last event ID buffer"; takes effect where a block ends. */
  #idBuffer = '';
  #lastEventId = '';
  #blocks = 0;
  #events = 0;
  #last: Block | null = null;
  /** The chunk being read, where it begins, and the last one before it that held bytes. */
  #chunk = 0;
  #at: At = null;
  #chunkStart = 0;
  #chunkBefore = 0;
  #atBefore: At = null;
  /** The chunk that holds the first byte of the present block. */
  #firstChunk = 0;
  #blockEnd = 0;

  constructor(sink: BlockSink, limits: BlockLimits = { line: LINE_LIMIT, block: BLOCK_LIMIT }) {
    this.#sink = sink;
    this.#scanner = new BlockScanner(this, limits.line);
    this.#data = new LineText(limits.block);
    this.#comments = new LineText(limits.block);
  }

  /**
   * Takes the next bytes of the body.
   * @param chunk number of the chunk, ascending; chunks without bytes may be left out
   * @param at its time of arrival
   */
  push(bytes: Uint8Array, chunk: number, at: At): void {
    if (bytes.length === 0) return;
    this.#chunkBefore = this.#chunk;
    this.#atBefore = this.#at;
    this.#chunk = chunk;
    this.#at = at;
    this.#chunkStart = this.#scanner.offset;
    if (this.#blockEnd === this.#chunkStart) this.#firstChunk = chunk;
    this.#window.open(bytes);
    this.#scanner.push(bytes);
    this.#window.close();
  }

  /** Ends the body; the next bytes are of a new one, which goes on with offsets, numbers and the last event ID. */
  endBody(): void {
    this.#scanner.endBody();
  }

  field(name: FieldName, bytes: Uint8Array, from: number, to: number, _offset: number, cut: boolean): void {
    if (cut) {
      this.#cut = true;
      to = sequenceBoundary(bytes, from, to);
    }
    switch (name) {
      case FieldName.data:
        this.#data.add(this.#window, bytes, from, to);
        return;
      case FieldName.event:
        this.#type = this.#window.slice(bytes, from, to);
        return;
      case FieldName.id:
        // [spec] "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field
        // value. Otherwise, ignore the field."
        if (!hasNull(bytes, from, to)) this.#idBuffer = this.#window.slice(bytes, from, to);
        return;
      case FieldName.retry:
        this.#retry = reconnectionTime(bytes, from, to) ?? this.#retry;
        this.#window.slice(bytes, from, to);
        return;
      case FieldName.comment:
        this.#comments.add(this.#window, bytes, from, to);
        return;
      case FieldName.unknown:
        // Without effect, but whether it is well-formed is worth knowing.
        this.#window.slice(bytes, from, to);
    }
  }

  block(kind: BlockKind, start: number, end: number): void {
    if (kind === 'discarded') this.#idBuffer = this.#lastEventId;
    else this.#lastEventId = this.#idBuffer;
    const data = this.#data.take();
    const comments = this.#comments.take();
    const within = end > this.#chunkStart;
    const block: Block = {
      index: this.#blocks++,
      kind,
      seq: kind === 'event' ? this.#events++ : null,
      range: { start, end },
      chunks: [this.#firstChunk, within ? this.#chunk : this.#chunkBefore],
      at: within ? this.#at : this.#atBefore,
      // [spec] "If the event type buffer has a value other than the empty string, change the type of the newly
      // created event to equal the value of the event type buffer."
      type: kind === 'event' && this.#type === '' ? 'message' : this.#type,
      data: kind === 'comment' ? comments : data,
      lastEventId: this.#lastEventId,
      retry: this.#retry,
      illFormed:
        this.#illFormed || this.#window.illFormed || this.#data.illFormed || this.#comments.illFormed,
      cut: this.#cut || this.#data.cut || this.#comments.cut,
    };
    this.#reset(end);
    this.#last = block;
    this.#sink.block(block);
  }

  grew(end: number): void {
    if (this.#last === null) return;
    this.#last = {
      ...this.#last,
      range: { start: this.#last.range.start, end },
      chunks: [this.#last.chunks[0], this.#chunk],
    };
    this.#reset(end);
    this.#sink.blockGrew(this.#last);
  }

  #reset(end: number): void {
    this.#type = '';
    this.#retry = null;
    this.#cut = false;
    this.#illFormed = false;
    this.#window.illFormed = false;
    this.#data.illFormed = false;
    this.#data.cut = false;
    this.#comments.illFormed = false;
    this.#comments.cut = false;
    this.#blockEnd = end;
    if (end < this.#scanner.offset) this.#firstChunk = this.#chunk;
  }
}

/** [spec] "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten". */
export function reconnectionTime(bytes: Uint8Array, from: number, to: number): number | null {
  if (from === to) return null;
  let time = 0;
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) return null;
    time = Math.min(time * 10 + digit, Number.MAX_SAFE_INTEGER);
  }
  return time;
}

/** Whether a value contains U+0000 NULL. */
export function hasNull(bytes: Uint8Array, from: number, to: number): boolean {
  return bytes.subarray(from, to).includes(0);
}
