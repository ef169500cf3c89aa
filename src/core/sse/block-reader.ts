import type { CaptureTime } from '../capture-time.ts';
import type { Block, BlockKind } from './block.ts';
import { type BlockLimits, BlockParser, defaultLimits } from './block-parser.ts';

/** Takes the blocks of a body, in order, whatever its framing. */
export interface BlockSink {
  block(block: Block): void;
  /**
   * The block told last ended in a CR, and the next chunk began with the LF that belongs to it: its range and its
   * chunks are now these. It is the same event, told when the standard dispatches it.
   */
  blockExtended(block: Block): void;
}

/** Where a block begins: its byte, its number and that of its event, and the last event ID string before it. */
export interface BlockPosition {
  readonly offset: number;
  readonly blocks: number;
  readonly events: number;
  readonly lastEventId: string;
}

/** Reads an event stream from chunks that arrive: blocks, with the chunks that hold their bytes and their times. */
export class BlockReader {
  readonly #sink: BlockSink;
  readonly #parser: BlockParser;
  #blocks = 0;
  #events = 0;
  /** Bytes of bodies in another framing, which the parser has not seen. */
  #skipped = 0;
  #last: Block | null = null;
  /** The chunk being read, where it begins, and the last one before it that held bytes. */
  #chunk = 0;
  #at: CaptureTime = null;
  #chunkStart = 0;
  #chunkBefore = 0;
  #atBefore: CaptureTime = null;
  /** Where the present block begins, and the chunk that holds its first byte. */
  #blockStart = 0;
  #firstChunk = 0;
  /** One for all blocks that lie within the same chunk. */
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

  /** Where the next block begins, for whoever reads a body in another framing. */
  get position(): BlockPosition {
    return {
      offset: this.#parser.offset + this.#skipped,
      blocks: this.#blocks,
      events: this.#events,
      lastEventId: this.#parser.lastEventId,
    };
  }

  /** Goes on behind a body that was read in another framing. */
  skipTo({ offset, blocks, events }: BlockPosition): void {
    this.#skipped = offset - this.#parser.offset;
    this.#blocks = blocks;
    this.#events = events;
    this.#last = null;
  }

  /**
   * Takes the next bytes of the body. They are not kept.
   * @param chunk number of the chunk, ascending; chunks without bytes may be left out
   * @param at its time of arrival
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

  /** Ends the body; the next bytes are of a new one, which goes on with offsets, numbers and the last event ID. */
  endBody(): void {
    this.#parser.endBody();
  }

  #takeBlock(kind: BlockKind, start: number, end: number): void {
    const parser = this.#parser;
    // A run of blank lines is told when the next line begins, which may be some chunks later.
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
    // Where the chunk ends here too, the block begins in the next.
    if (start < this.#parser.offset) this.#firstChunk = this.#chunk;
  }
}
