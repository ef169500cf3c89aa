import { OffsetColumn } from '../../core/capture/index/offset-column.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import { byteColumn } from '../../core/capture/index/paged-column.ts';
import { chunkHead, type FrameKind } from './capture-frame.ts';

/**
 * Where each record of a capture is in its file. A chunk's place follows from its place in the body, because all
 * chunks cost the same beside their bytes; only what stands between them is kept, at nine bytes each.
 */
export class RecordMap {
  readonly #index: CaptureIndex;
  /** Where the first record begins. */
  readonly #start: number;
  /** Of each record that is no chunk: chunks before it, bytes of others before it, and whether it is a note. */
  readonly #chunksBefore = new OffsetColumn();
  readonly #othersBefore = new OffsetColumn();
  readonly #isNote = byteColumn();
  #others = 0;

  constructor(index: CaptureIndex, start: number) {
    this.#index = index;
    this.#start = start;
  }

  /** Records that are no chunks. */
  get length(): number {
    return this.#isNote.length;
  }

  get memory(): number {
    return this.#chunksBefore.memory + this.#othersBefore.memory + this.#isNote.memory;
  }

  /** Takes a record that is no chunk; `size` is what its frame takes. */
  add(kind: FrameKind, size: number): void {
    this.#chunksBefore.push(this.#index.chunks);
    this.#othersBefore.push(this.#others);
    this.#isNote.push(kind === 'note' ? 1 : 0);
    this.#others += size;
  }

  isNote(record: number): boolean {
    return this.#isNote.get(record) === 1;
  }

  /** Where the frame of a record that is no chunk begins in the file, and where it ends. */
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

  /** Where `count` chunks would end, were there nothing else between them. */
  #chunksEnd(count: number): number {
    const bytes = count < this.#index.chunks ? this.#index.chunkRange(count).start : this.#index.bytes;
    return this.#start + count * chunkHead + bytes;
  }
}
