import type { CaptureTime } from '../../capture-time.ts';
import type { ByteRange } from '../../byte-range.ts';
import type { JsonDocument } from '../../json/documents.ts';
import { payloadStates, type PayloadState } from '../../json/payload.ts';
import { blockKinds, type Block, type BlockKind, type Framing } from '../../sse/block.ts';
import { BodyTable } from './body-table.ts';
import { DocumentRows, type IndexedDocument } from './document-rows.ts';
import { OffsetColumn } from './offset-column.ts';
import { shortColumn } from './paged-column.ts';
import { TallyColumn } from './tally-column.ts';
import { TimeColumn } from './time-column.ts';
import { TypeTable, unkeptType } from './type-table.ts';

/** Bits of a block's byte: three for the kind, three for the payload state (7 for none), one named here. */
const noState = 7;
const idChangedBit = 64;

/** Bytes by which a block was extended after it was reported: the line feed of a CRLF that a chunk boundary divided. */
const lateLineFeedBytes = 1;

/** Classes of blocks that are counted: dispatched, and not dispatched (without blank runs). */
const dispatchedClass = 0;
const otherClass = 1;

/** What the index knows about a block. */
interface IndexedBlock {
  readonly kind: BlockKind;
  readonly range: ByteRange;
  /** Null if it is not kept in memory: read it from the file. */
  readonly type: string | null;
  readonly state: PayloadState | null;
}

/** First and last row, both included. */
type Span = readonly [first: number, last: number];

/**
 * The index of a capture: what is kept in memory while the bytes stay on disk. It consists of columns in the order of
 * arrival. An event with a chunk and a JSON row takes 24 bytes: 12 for offset and time of the chunk, 7 for offset,
 * kind, state and type of the block, 5 for first event, state and span of the JSON row. Everything else is found by
 * searching. Rows are numbers from 0, see `lane.ts` of the contract.
 */
export class CaptureIndex {
  readonly types = new TypeTable();
  readonly #chunkStarts = new OffsetColumn();
  readonly #times = new TimeColumn();
  readonly #blockStarts = new OffsetColumn();
  readonly #blocks = new TallyColumn(2, classOfBlock);
  readonly #blockTypes = shortColumn();
  readonly #documents = new DocumentRows();
  readonly #bodies = new BodyTable();
  readonly #extended = new Set<number>();
  readonly #unfinished = new Set<number>();
  #bytes = 0;
  #blocksEnd = 0;
  #lastEventId = '';

  /** Rows of each lane. */
  get chunks(): number {
    return this.#chunkStarts.length;
  }
  get blocks(): number {
    return this.#blocks.length;
  }
  get documents(): number {
    return this.#documents.length;
  }
  /** Dispatched events. */
  get dispatched(): number {
    return this.#blocks.total(dispatchedClass);
  }
  /** Decoded body bytes. */
  get bytes(): number {
    return this.#bytes;
  }
  /** Whether arrival times are known. */
  get timed(): boolean {
    return this.#times.known;
  }
  /** Bytes of memory that the columns take. */
  get memory(): number {
    const ofChunks = this.#chunkStarts.memory + this.#times.memory;
    const ofBlocks = this.#blockStarts.memory + this.#blocks.memory + this.#blockTypes.memory;
    return ofChunks + ofBlocks + this.#documents.memory;
  }

  addChunk(at: CaptureTime, length: number): void {
    this.#chunkStarts.push(this.#bytes);
    this.#times.push(at);
    this.#bytes += length;
  }

  /** The following bytes belong to a new response body (after a reconnection). */
  beginBody(): void {
    this.#bodies.begin(this.#bytes);
  }

  addBlock(block: Block, state: PayloadState | null): void {
    const changed = block.lastEventId !== this.#lastEventId;
    this.#lastEventId = block.lastEventId;
    const type = this.types.number(block.type);
    if (block.kind === 'event') this.types.countDispatched(type);
    const stateBits = state === null ? noState : payloadStates.indexOf(state);
    this.#blockStarts.push(block.range.start);
    this.#blocks.push(blockKinds.indexOf(block.kind) | (stateBits << 3) | (changed ? idChangedBit : 0));
    this.#blockTypes.push(type);
    this.#blocksEnd = block.range.end;
    this.#bodies.setFraming(block.framing);
    if (block.unfinished) this.#unfinished.add(this.blocks - 1);
  }

  /** Extends the last block by one byte; its event is already dispatched. */
  extendBlock(end: number): void {
    this.#extended.add(this.blocks - 1);
    this.#blocksEnd = end;
  }

  addDocument(document: JsonDocument): void {
    this.#documents.add(document, this.block(document.blocks[0]).state);
  }

  /** The byte range of a chunk; it may be empty. */
  chunkRange(row: number): ByteRange {
    const last = row + 1 >= this.chunks;
    return { start: this.#chunkStarts.get(row), end: last ? this.#bytes : this.#chunkStarts.get(row + 1) };
  }

  /** When a chunk arrived. */
  chunkAt(row: number): CaptureTime {
    return this.#times.get(row);
  }

  /** The chunk that contains byte `offset`. */
  chunkOfByte(offset: number): number {
    return this.#chunkStarts.lastAtMost(offset);
  }

  /** First and last chunk with bytes of a range that is not empty. */
  chunksOf(range: ByteRange): Span {
    return [this.chunkOfByte(range.start), this.chunkOfByte(range.end - 1)];
  }

  /** The first chunk that arrived at a time or later. */
  chunkAtTime(at: number): number {
    return this.#times.firstAtLeast(at);
  }

  /** The first chunk that arrived later than a time. */
  chunkAfterTime(at: number): number {
    return this.#times.firstAfter(at);
  }

  /** The first chunk that begins at `offset` or after it. */
  chunkBeginningFrom(offset: number): number {
    return this.#chunkStarts.firstAtLeast(offset);
  }

  blockRange(row: number): ByteRange {
    const last = row + 1 >= this.blocks;
    return {
      start: this.#blockStarts.get(row),
      end: last ? this.#blocksEnd : this.#blockStarts.get(row + 1),
    };
  }

  /** When a block was reported: when its last byte arrived, not counting the line feed of a divided CRLF. */
  blockAt(row: number): CaptureTime {
    return this.chunkAt(this.chunkOfByte(this.#toldAt(row)));
  }

  /** The last byte of a block when it was reported. */
  #toldAt(row: number): number {
    return this.blockRange(row).end - 1 - (this.#extended.has(row) ? lateLineFeedBytes : 0);
  }

  block(row: number): IndexedBlock {
    const bits = this.#blocks.get(row);
    const number = this.#blockTypes.get(row);
    return {
      kind: blockKinds[bits & 7] ?? 'event',
      range: this.blockRange(row),
      type: number === unkeptType ? null : this.types.type(number),
      state: payloadStates[(bits >> 3) & 7] ?? null,
    };
  }

  /** Number of a block's type in `types`. */
  typeNumber(row: number): number {
    return this.#blockTypes.get(row);
  }

  /** Rows of the blocks lane with bytes of a range, or null. */
  blocksOf(range: ByteRange): Span | null {
    const end = Math.min(range.end, this.#blocksEnd);
    if (this.blocks === 0 || range.start >= end) return null;
    return [this.#blockStarts.lastAtMost(range.start), this.#blockStarts.lastAtMost(end - 1)];
  }

  /** The first block that was reported with the byte at `offset` or later. */
  blockToldFrom(offset: number): number {
    if (offset >= this.#blocksEnd) return this.blocks;
    const row = Math.max(0, this.#blockStarts.lastAtMost(offset));
    return this.#toldAt(row) >= offset ? row : row + 1;
  }

  /** Dispatched events, and other blocks without blank runs, before a row. */
  countBefore(row: number): { readonly dispatched: number; readonly others: number } {
    const counts = this.#blocks.countsBefore(row);
    return { dispatched: counts[dispatchedClass] ?? 0, others: counts[otherClass] ?? 0 };
  }

  /** The row of the dispatched event `seq`. */
  blockOfSeq(seq: number): number {
    return this.#blocks.find(dispatchedClass, seq);
  }

  /** The last block at or before a row that changed the last event ID, or null. */
  idChange(row: number): number | null {
    for (let at = row; at >= 0; at -= 1) if ((this.#blocks.get(at) & idChangedBit) !== 0) return at;
    return null;
  }

  document(row: number): IndexedDocument {
    return this.#documents.get(row);
  }

  /** When a JSON row was complete. */
  documentAt(row: number): CaptureTime {
    return this.blockAt(this.blockOfSeq(this.document(row).events[1]));
  }

  /** The first JSON row whose last event is `seq` or a later one. */
  documentEndingFrom(seq: number): number {
    return this.#documents.endingFrom(seq);
  }

  /** Documents with text from events in a span of rows of the blocks lane, or null. */
  documentsOf([first, last]: Span): Span | null {
    const from = this.#blocks.countBefore(dispatchedClass, first);
    const to = this.#blocks.countBefore(dispatchedClass, last + 1);
    if (from === to) return null;
    const rows = [this.#documents.endingFrom(from), this.#documents.beginningFrom(to) - 1] as const;
    return rows[0] > rows[1] ? null : rows;
  }

  /** JSON rows of each group, in the order of `jsonGroups`, before a row. */
  documentsBefore(row: number): readonly number[] {
    return this.#documents.countsBefore(row);
  }

  /** Whether a block is a JSON line that may be incomplete: see `Block.unfinished`. */
  isUnfinished(row: number): boolean {
    return this.#unfinished.has(row);
  }

  /** Where the response body that contains byte `offset` begins. */
  bodyStart(offset: number): number {
    return this.#bodies.start(offset);
  }

  /** Framing of the response body that contains byte `offset`. */
  framingAt(offset: number): Framing {
    return this.#bodies.framing(offset);
  }
}

function classOfBlock(value: number): number | null {
  const kind = blockKinds[value & 7];
  if (kind === 'event') return dispatchedClass;
  return kind === 'blank' ? null : otherClass;
}
