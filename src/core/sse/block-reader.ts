import type { CaptureTime } from '../capture-time.ts';
import type { Block, BlockKind } from './block.ts';
import { type BlockLimits, BlockParser, defaultLimits } from './block-parser.ts';

/** Receives the blocks of a body, in order, in any framing. */
export interface BlockSink {
  block(block: Block): void;
  /**
   * The last reported block ended in CR, and the next chunk began with the LF that belongs to it. `block` has its new
   * range and chunks. It is the same event, reported when the standard dispatches it.
   */
  blockExtended(block: Block): void;
}

/** Where a block begins: byte offset, number of the block and of the next event, and the last event ID string before it. */
export interface BlockPosition {
  readonly offset: number;
  readonly blocks: number;
  readonly events: number;
  readonly lastEventId: string;
}

/** Reads an event stream chunk by chunk: gives blocks with the chunks that contain their bytes, and their times. */
export class BlockReader {
  readonly #sink: BlockSink;
  readonly #parser: BlockParser;
  #blocks = 0;
  #events = 0;
  /** Bytes of bodies in another framing, which the parser did not read. */
  #skipped = 0;
  #last: Block | null = null;
  /** The current chunk, where it begins, and the last chunk before it that had bytes. */
  #chunk = 0;
  #at: CaptureTime = null;
  #chunkStart = 0;
  #chunkBefore = 0;
  #atBefore: CaptureTime = null;
  /** Where the current block begins, and the chunk of its first byte. */
  #blockStart = 0;
  #firstChunk = 0;
  /** Shared by all blocks within the same chunk. */
  #withinChunk: readonly [number, number] = [0, 0];

  constructor(sink: BlockSink, limits: BlockLimits = defaultLimits) {
    this.#sink = sink;
    this.#parser = new BlockParser(
      {
        block: (kind, start, end) => this.#takeBlock(kind, start, end),
        extended: (end) => this.#extendLast(end),
      },
      limits,
    );
  }

  /** Where the next block begins: for the reader of a body in another framing. */
  get position(): BlockPosition {
    return {
      offset: this.#parser.offset + this.#skipped,
      blocks: this.#blocks,
      events: this.#events,
      lastEventId: this.#parser.lastEventId,
    };
  }

  /** Continues after a body that was read in another framing. */
  skipTo({ offset, blocks, events }: BlockPosition): void {
    this.#skipped = offset - this.#parser.offset;
    this.#blocks = blocks;
    this.#events = events;
    this.#last = null;
  }

  /**
   * Reads the next bytes of the body. The caller may reuse them afterwards.
   * @param chunk number of the chunk, ascending; empty chunks may be left out
   * @param at when the chunk arrived
   */
  push(bytes: Uint8Array, chunk: number, at: CaptureTime): void {
    if (bytes.length === 0) return;
    this.#chunkBefore = this.#chunk;
    this.#atBefore = this.#at;
    this.#chunk = chunk;
    this.#at = at;
    this.#chunkStart = this.#parser.offset;
    if (this.#blockStart === this.#chunkStart) this.#firstChunk = chunk;
    this.#parser.push(bytes);
  }

  /** Ends the body. The next bytes begin a new body; offsets, numbers and the last event ID continue. */
  endBody(): void {
    this.#parser.endBody();
  }

  #takeBlock(kind: BlockKind, start: number, end: number): void {
    const parser = this.#parser;
    // A run of blank lines is reported when the next line begins, possibly some chunks later.
    const within = end > this.#chunkStart;
    const block: Block = {
      framing: 'event-stream',
      index: this.#blocks++,
      kind,
      seq: kind === 'event' ? this.#events++ : null,
      range: { start: start + this.#skipped, end: end + this.#skipped },
      chunks: this.#chunksTo(within ? this.#chunk : this.#chunkBefore),
      at: within ? this.#at : this.#atBefore,
      // [spec] "If the event type buffer has a value other than the empty string, change the type of the newly
      // created event to equal the value of the event type buffer."
      type: kind === 'event' && parser.type === '' ? 'message' : parser.type,
      data: kind === 'comment' ? parser.comments : parser.data,
      lastEventId: parser.lastEventId,
      retry: parser.retry,
      illFormed: parser.illFormed,
      cut: parser.cut,
      unfinished: false,
      flaws: parser.flaws,
      log: parser.log,
    };
    this.#beginBlock(end);
    this.#last = block;
    this.#sink.block(block);
  }

  #extendLast(end: number): void {
    if (this.#last === null) return;
    const { range, chunks } = this.#last;
    const extended = { start: range.start, end: end + this.#skipped };
    this.#last = { ...this.#last, range: extended, chunks: [chunks[0], this.#chunk] };
    this.#beginBlock(end);
    this.#sink.blockExtended(this.#last);
  }

  #chunksTo(last: number): readonly [first: number, last: number] {
    const first = this.#firstChunk;
    if (this.#withinChunk[0] !== first || this.#withinChunk[1] !== last) this.#withinChunk = [first, last];
    return this.#withinChunk;
  }

  #beginBlock(start: number): void {
    this.#blockStart = start;
    // If the chunk ends here too, the block begins in the next one.
    if (start < this.#parser.offset) this.#firstChunk = this.#chunk;
  }
}
