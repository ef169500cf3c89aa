import { OffsetColumn } from '../../core/capture/index/offset-column.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import { byteColumn } from '../../core/capture/index/paged-column.ts';
import { chunkHead, type FrameKind } from './capture-frame.ts';

/**
 * Where each record of a capture is in its file. The position of a chunk follows from its position in the body, because every
 * chunk has a head of the same size. Only the other records are kept, with nine bytes each.
 */
export class RecordMap {
  readonly #index: CaptureIndex;
  /** Where the first record begins. */
  readonly #start: number;
  /** For each record other than a chunk: chunks before it, bytes of such records before it, and whether it is a note. */
  readonly #chunksBefore = new OffsetColumn();
  readonly #othersBefore = new OffsetColumn();
  readonly #isNote = byteColumn();
  #others = 0;

  constructor(index: CaptureIndex, start: number) {
    this.#index = index;
    this.#start = start;
  }

  /** Records other than chunks. */
  get length(): number {
    return this.#isNote.length;
  }

  get memory(): number {
    return this.#chunksBefore.memory + this.#othersBefore.memory + this.#isNote.memory;
  }

  /** Adds a record other than a chunk. `size`: bytes of its frame. */
  add(kind: FrameKind, size: number): void {
    this.#chunksBefore.push(this.#index.chunks);
    this.#othersBefore.push(this.#others);
    this.#isNote.push(kind === 'note' ? 1 : 0);
    this.#others += size;
  }

  isNote(record: number): boolean {
    return this.#isNote.get(record) === 1;
  }

  /** Where the frame of a record other than a chunk begins and ends in the file. */
  place(record: number): { readonly start: number; readonly end: number } {
    const next = record + 1 < this.length ? this.#othersBefore.get(record + 1) : this.#others;
    const others = this.#othersBefore.get(record);
    const start = this.#chunksEnd(this.#chunksBefore.get(record)) + others;
    return { start, end: start + next - others };
  }

  /** Where the frame of a chunk begins in the file. */
  chunkPlace(chunk: number): number {
    const record = this.#chunksBefore.firstAtLeast(chunk + 1);
    const others = record < this.length ? this.#othersBefore.get(record) : this.#others;
    return this.#chunksEnd(chunk) + others;
  }

  /** Where `count` chunks would end if there were only chunks. */
  #chunksEnd(count: number): number {
    const bytes = count < this.#index.chunks ? this.#index.chunkRange(count).start : this.#index.bytes;
    return this.#start + count * chunkHead + bytes;
  }
}
