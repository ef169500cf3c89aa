import { open } from 'node:fs/promises';
import { Deferred } from '../../core/deferred.ts';
import type { CaptureRecord } from '../../core/capture/record.ts';
import { encodeHeader, encodeRecord, type StoredHeader } from './capture-frame.ts';

/** A file that is only appended to. `writev` may write less than it was given and returns how much. */
export interface AppendFile {
  writev(pieces: readonly Uint8Array[]): Promise<{ readonly bytesWritten: number }>;
  close(): Promise<void>;
}

/** Why records cannot be written at the moment. They are kept and tried again. */
export interface WriteProblem {
  readonly code: 'disk-full' | 'storage-failed';
  readonly message: string;
}

/** A record on disk and the size of its frame there. */
export interface WrittenRecord {
  readonly record: CaptureRecord;
  readonly size: number;
}

const waits = 'What arrives waits in memory until it can be written. It is lost if the recording ends first.';

/** Above this many waiting bytes the source has to pause, until half of them are written. */
const highWater = 8 * 1024 * 1024;
/** Most bytes (or one record) and records of one write, so that what is written can be shown in between. */
const batchBytes = 256 * 1024;
const batchRecords = 512;

interface Waiting extends WrittenRecord {
  readonly pieces: readonly Uint8Array[];
}

/** Opens a new file for appending that only its owner may read. Rejects if the file exists. */
export const createFile = (path: string): Promise<AppendFile> => open(path, 'ax', 0o600);

/**
 * Appends records to a capture file, one write at a time. What cannot be written because the disk is full stays queued in
 * bounded memory and is tried again.
 */
export class CaptureWriter {
  /** Called with records that are on disk now, in order. */
  onWritten: (written: readonly WrittenRecord[]) => void = () => {};
  /** Called when `problem` changes. */
  onProblem: () => void = () => {};
  readonly #file: AppendFile;
  readonly #retryAfter: number;
  /** Records to be written. The first `#taken` are in a batch already. */
  #queue: Waiting[] = [];
  #taken = 0;
  #pending = 0;
  #problem: WriteProblem | null = null;
  #running: Promise<void> | null = null;
  #room: Deferred<void> | null = null;
  #wake: (() => void) | null = null;
  #closing = false;

  private constructor(file: AppendFile, retryAfter: number) {
    this.#file = file;
    this.#retryAfter = retryAfter;
  }

  /**
   * Begins a capture: its header is on disk when this resolves. Rejects with the file system's error.
   * @param retryAfter ms between attempts while writing fails
   */
  static async create(file: AppendFile, header: StoredHeader, retryAfter = 500): Promise<CaptureWriter> {
    const writer = new CaptureWriter(file, retryAfter);
    await writer.#write(encodeHeader(header));
    return writer;
  }

  /** Why nothing is written at the moment; null if there is no problem. */
  get problem(): WriteProblem | null {
    return this.#problem;
  }

  /** Bytes that wait to be written. */
  get pending(): number {
    return this.#pending;
  }

  /** Takes a record. If it returns a promise, the source has to wait for it before the next record. */
  append(record: CaptureRecord): Promise<void> | void {
    if (this.#closing) throw new Error('append to a closed capture');
    const pieces = encodeRecord(record);
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    this.#queue.push({ record, pieces, size });
    this.#pending += size;
    this.#running ??= this.#run();
    if (this.#pending <= highWater) return undefined;
    this.#room ??= new Deferred();
    return this.#room.promise;
  }

  /**
   * Writes what waits and closes the file. Resolves with the bytes that could not be written: while the disk is full
   * there is one last attempt.
   */
  async close(): Promise<number> {
    this.#closing = true;
    this.#wake?.();
    await this.#running;
    // A network file system may report a full disk only here.
    await this.#file.close().catch((error: unknown) => this.#fail(error));
    this.#releaseRoom();
    return this.#pending;
  }

  async #run(): Promise<void> {
    // Waits one turn, so that the records of one socket read go into one write.
    await Promise.resolve();
    let done: Waiting[] = [];
    for (;;) {
      const batch = this.#nextBatch();
      const writing = batch.length > 0 ? this.#tryBatch(batch) : null;
      // The next write runs while the last batch is processed.
      if (done.length > 0) this.onWritten(done);
      done = batch;
      if (writing === null ? this.#queue.length === this.#taken : !(await writing)) break;
    }
    this.#running = null;
  }

  #nextBatch(): Waiting[] {
    const start = this.#taken;
    let bytes = 0;
    while (this.#taken < this.#queue.length && this.#taken - start < batchRecords) {
      bytes += this.#queue[this.#taken]?.size ?? 0;
      if (this.#taken > start && bytes > batchBytes) break;
      this.#taken += 1;
    }
    const batch = this.#queue.slice(start, this.#taken);
    // Not each time: removing from the front moves the rest.
    if (this.#taken * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#taken);
      this.#taken = 0;
    }
    return batch;
  }

  /**
   * Writes a batch, retrying while that fails, and removes from it what is on disk. False if the capture was closed before
   * all of it was written.
   */
  async #tryBatch(batch: Waiting[]): Promise<boolean> {
    let rest = batch.flatMap((waiting) => [...waiting.pieces]);
    for (;;) {
      const last = this.#closing;
      try {
        await this.#write(rest, (left) => {
          rest = left;
        });
      } catch (error) {
        this.#fail(error);
        this.#reportWritten(batch, rest);
        if (last) return false;
        await this.#pause();
        continue;
      }
      this.#pending -= sizeOf(batch);
      if (this.#problem !== null) {
        this.#problem = null;
        this.onProblem();
      }
      if (this.#pending <= highWater / 2) this.#releaseRoom();
      return true;
    }
  }

  /** Writes all pieces. Calls `progress` with the rest after each write, so that nothing is written twice. */
  async #write(
    pieces: readonly Uint8Array[],
    progress: (left: Uint8Array[]) => void = () => {},
  ): Promise<void> {
    let left = [...pieces];
    while (left.length > 0) {
      // Copying many small pieces is cheaper than passing each to the system.
      const { bytesWritten } = await this.#file.writev(left.length > 16 ? [Buffer.concat(left)] : left);
      if (bytesWritten === 0) throw new Error('No bytes were written');
      left = without(left, bytesWritten);
      progress(left);
    }
  }

  /** Reports the records of an unfinished batch that are complete on disk. */
  #reportWritten(batch: Waiting[], rest: readonly Uint8Array[]): void {
    const left = rest.reduce((sum, piece) => sum + piece.length, 0);
    let unwritten = 0;
    let count = batch.length;
    while (count > 0 && unwritten < left) unwritten += batch[--count]?.size ?? 0;
    const written = batch.splice(0, count);
    this.#pending -= sizeOf(written);
    if (written.length > 0) this.onWritten(written);
  }

  #fail(error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    const before = this.#problem;
    this.#problem = full
      ? {
          code: 'disk-full',
          message: `The disk is full. ${waits}`,
        }
      : { code: 'storage-failed', message: `The capture cannot be written (${message}). ${waits}` };
    if (before?.message !== this.#problem.message) this.onProblem();
  }

  #pause(): Promise<void> {
    if (this.#closing) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#retryAfter);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #releaseRoom(): void {
    this.#room?.resolve();
    this.#room = null;
  }
}

function sizeOf(batch: readonly WrittenRecord[]): number {
  return batch.reduce((sum, { size }) => sum + size, 0);
}

/** `pieces` without their first `count` bytes, and without empty ones. */
function without(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  const left: Uint8Array[] = [];
  for (const piece of pieces) {
    const from = Math.min(skip, piece.length);
    skip -= from;
    if (from < piece.length) left.push(piece.subarray(from));
  }
  return left;
}
