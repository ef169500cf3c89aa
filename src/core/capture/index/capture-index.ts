import { assertNever } from '../../assert-never.ts';
import type { ByteRange } from '../../byte-range.ts';
import type { Framing } from '../../framing.ts';
import type { JsonDocument } from '../../json/documents.ts';
import type { PayloadState } from '../../json/payload.ts';
import type { Block, BlockKind } from '../../sse/block.ts';
import type { At } from '../record.ts';
import { OffsetColumn } from './offset-column.ts';
import { firstIndex, numberColumn, shortColumn } from './paged-column.ts';
import { TallyColumn } from './tally-column.ts';
import { TimeColumn } from './time-column.ts';
import { TypeTable, unkeptType } from './type-table.ts';

const blockKinds: readonly BlockKind[] = ['event', 'comment', 'no-data', 'discarded', 'blank'];
const payloadStates: readonly PayloadState[] = [
  'complete',
  'partial',
  'malformed',
  'sentinel',
  'text',
  'empty',
];

/** What a block's byte holds: three bits of kind, three of payload state (7 for none), one as named here. */
const noState = 7;
const idChangedBit = 64;

/** Bytes that a block grew by after it was told: the line feed of a cut CRLF. It arrived before them. */
const grownBytes = 1;

/** Classes of blocks that are counted: dispatched, and those that dispatched nothing without blank runs. */
export const dispatchedClass = 0;
const otherClass = 1;

/** Groups of JSON rows that are counted, as a timeline draws them. */
export const jsonGroups = ['ok', 'partial', 'malformed', 'other'] as const;

/** Events beyond its first that a JSON row's byte can hold; for more there is a map. */
const maxSpan = 31;

/** What of a block must be known without reading it. */
export interface IndexedBlock {
  readonly kind: BlockKind;
  readonly range: ByteRange;
  /** Null where it is not kept in memory and must be read. */
  readonly type: string | null;
  readonly state: PayloadState | null;
}

/** What of a JSON row must be known without reading it. */
export interface IndexedDocument {
  readonly state: PayloadState;
  /** `seq` of its first and last event. */
  readonly events: readonly [first: number, last: number];
  /**
   * Where its text begins in the data of the first event and ends in that of the last; null where it is the whole
   * data of one event.
   */
  readonly cut: { readonly from: number; readonly to: number } | null;
}

/** First and last row, both included. */
type Span = readonly [first: number, last: number];

/**
 * Where everything of a capture is: what is kept in memory of it while the bytes stay on disk. Columns only, filled in
 * the order of arrival. An event with a chunk and a JSON row of its own takes 24 bytes (12 for the chunk's place and
 * time, 7 for the block's place, kind, state and type, 5 for the row's first event, state and span); everything else
 * is found by searching. Rows are numbers from 0, see `lane.ts` of the contract.
 */
export class CaptureIndex {
  readonly types = new TypeTable();
  readonly #chunkStarts = new OffsetColumn();
  readonly #times = new TimeColumn();
  readonly #blockStarts = new OffsetColumn();
  readonly #blocks = new TallyColumn(2, classOfBlock);
  readonly #blockTypes = shortColumn();
  readonly #jsonFirst = new OffsetColumn();
  readonly #json = new TallyColumn(jsonGroups.length, (value) => groupOf(payloadStates[value & 7] ?? 'text'));
  readonly #grown = new Set<number>();
  readonly #longSpans = new Map<number, number>();
  /** The rows that are not one event's whole data, and where their texts begin and end in it. */
  readonly #cutRows = new OffsetColumn();
  readonly #cutFrom = numberColumn();
  readonly #cutTo = numberColumn();
  readonly #bodies: number[] = [0];
  /** Framing of each body that has blocks. */
  readonly #framings: Framing[] = [];
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
    return this.#json.length;
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
    const ofRows = [this.#chunkStarts, this.#times, this.#blockStarts, this.#blocks, this.#blockTypes];
    const ofJson = [this.#jsonFirst, this.#json, this.#cutRows, this.#cutFrom, this.#cutTo];
    return [...ofRows, ...ofJson].reduce((sum, column) => sum + column.memory, 0);
  }

  addChunk(at: At, length: number): void {
    this.#chunkStarts.push(this.#bytes);
    this.#times.push(at);
    this.#bytes += length;
  }

  /** From here on the bytes belong to a new response body (a reconnection). */
  beginBody(): void {
    if (this.#bodies.at(-1) !== this.#bytes) this.#bodies.push(this.#bytes);
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
    this.#framings[this.#bodies.length - 1] = block.framing;
    if (block.unfinished) this.#unfinished.add(this.blocks - 1);
  }

  /** The last block has one byte more, that belongs to an event already dispatched. */
  growBlock(end: number): void {
    this.#grown.add(this.blocks - 1);
    this.#blocksEnd = end;
  }

  addDocument(document: JsonDocument): void {
    const [first, last] = document.events;
    const row = this.documents;
    const ofEvent = this.block(document.blocks[0]).state;
    // Several texts in one event make that event malformed and each of them complete.
    if (first !== last || document.from > 0 || document.state !== ofEvent) {
      this.#cutRows.push(row);
      this.#cutFrom.push(document.from);
      this.#cutTo.push(document.to);
    }
    const span = Math.min(last - first, maxSpan);
    if (span === maxSpan) this.#longSpans.set(row, last - first);
    this.#jsonFirst.push(first);
    this.#json.push(payloadStates.indexOf(document.state) | (span << 3));
  }

  /** The bytes of a chunk; it may be empty. */
  chunkRange(row: number): ByteRange {
    const last = row + 1 >= this.chunks;
    return { start: this.#chunkStarts.get(row), end: last ? this.#bytes : this.#chunkStarts.get(row + 1) };
  }

  /** When a chunk arrived. */
  chunkAt(row: number): At {
    return this.#times.get(row);
  }

  /** The chunk that holds byte `offset`. */
  chunkOfByte(offset: number): number {
    return this.#chunkStarts.lastAtMost(offset);
  }

  /** First and last chunk that hold bytes of a range that is not empty. */
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

  /** When a block was told: when its last byte arrived, but for the line feed of a cut CRLF. */
  blockAt(row: number): At {
    return this.chunkAt(this.chunkOfByte(this.#toldAt(row)));
  }

  /** The byte with which a block was told. */
  #toldAt(row: number): number {
    return this.blockRange(row).end - 1 - (this.#grown.has(row) ? grownBytes : 0);
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

  /** Rows of the events lane that have bytes of a range; null for none. */
  blocksOf(range: ByteRange): Span | null {
    const end = Math.min(range.end, this.#blocksEnd);
    if (this.blocks === 0 || range.start >= end) return null;
    return [this.#blockStarts.lastAtMost(range.start), this.#blockStarts.lastAtMost(end - 1)];
  }

  /** The first block that was told with the byte at `offset` or a later one. */
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

  /** The block at or before a row that last changed the last event ID; null where none did. */
  idChange(row: number): number | null {
    for (let at = row; at >= 0; at -= 1) if ((this.#blocks.get(at) & idChangedBit) !== 0) return at;
    return null;
  }

  document(row: number): IndexedDocument {
    const bits = this.#json.get(row);
    const events = [this.#jsonFirst.get(row), this.#lastEvent(row)] as const;
    const cut = this.#cutRows.firstAtLeast(row);
    const isCut = cut < this.#cutRows.length && this.#cutRows.get(cut) === row;
    return {
      state: payloadStates[bits & 7] ?? 'text',
      events,
      cut: isCut ? { from: this.#cutFrom.get(cut), to: this.#cutTo.get(cut) } : null,
    };
  }

  #lastEvent(row: number): number {
    const span = this.#json.get(row) >> 3;
    return this.#jsonFirst.get(row) + (span === maxSpan ? (this.#longSpans.get(row) ?? span) : span);
  }

  /** When a JSON row was there whole. */
  documentAt(row: number): At {
    return this.blockAt(this.blockOfSeq(this.document(row).events[1]));
  }

  /** The first JSON row whose last event is `seq` or a later one. */
  documentEndingFrom(seq: number): number {
    return firstIndex(0, this.documents, (row) => this.#lastEvent(row) >= seq);
  }

  /** JSON rows that have text of the events in some rows of the events lane; null for none. */
  documentsOf([first, last]: Span): Span | null {
    const from = this.#blocks.countBefore(dispatchedClass, first);
    const to = this.#blocks.countBefore(dispatchedClass, last + 1);
    if (from === to) return null;
    const rows = [this.documentEndingFrom(from), this.#jsonFirst.firstAtLeast(to) - 1] as const;
    return rows[0] > rows[1] ? null : rows;
  }

  /** JSON rows of each group, in the order of `jsonGroups`, before a row. */
  documentsBefore(row: number): readonly number[] {
    return this.#json.countsBefore(row);
  }

  /** Whether a block is a line of JSON that may not be whole: see `Block`. */
  isUnfinished(row: number): boolean {
    return this.#unfinished.has(row);
  }

  /** Where the response body that holds byte `offset` begins. */
  bodyStart(offset: number): number {
    return this.#bodies[this.#bodyAt(offset)] ?? 0;
  }

  /** Framing of the response body that holds byte `offset`. */
  framingAt(offset: number): Framing {
    return this.#framings[this.#bodyAt(offset)] ?? 'event-stream';
  }

  #bodyAt(offset: number): number {
    return firstIndex(0, this.#bodies.length, (index) => (this.#bodies[index] ?? 0) > offset) - 1;
  }
}

function classOfBlock(value: number): number | null {
  const kind = blockKinds[value & 7];
  if (kind === 'event') return dispatchedClass;
  return kind === 'blank' ? null : otherClass;
}

function groupOf(state: PayloadState): number {
  switch (state) {
    case 'complete':
    case 'sentinel':
      return 0;
    case 'partial':
      return 1;
    case 'malformed':
      return 2;
    case 'text':
    case 'empty':
      return 3;
    default:
      return assertNever(state);
  }
}
