import { open, unlink, type FileHandle } from 'node:fs/promises';
import type { CaptureHeader, CaptureRecord } from '../core/capture/record.ts';
import { ssecapHeaderLine, ssecapRecordLine } from '../core/capture/ssecap-writer.ts';
import { CommandFailure, fileFailure } from './command-failure.ts';

/** Queued characters from which on the stream is paused. */
const MAX_QUEUED = 4 * 1024 * 1024;

/**
 * Writes an `.ssecap.ndjson` file record by record. Each line is written at once, so that killing this process tears the
 * last line at most. If writing fails, the lines before stay.
 */
export class CaptureWriter {
  readonly path: string;
  readonly #handle: FileHandle;
  #queued: string[] = [];
  #length = 0;
  /** Settles when all lines queued so far are written. */
  #queuedWritten: Promise<void> | null = null;
  #resolveQueued: () => void = () => undefined;
  #pumping: Promise<void> | null = null;
  #failure: CommandFailure | null = null;
  readonly #failed = new AbortController();

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /**
   * Creates a file. `mayReplace` overwrites an existing file; otherwise a number is added to the name.
   * @throws CommandFailure (unreadable)
   */
  static async begin(path: string, mayReplace: boolean, header: CaptureHeader): Promise<CaptureWriter> {
    for (let number = 1; ; number++) {
      const name = number === 1 ? path : path.replace(/(?=\.ssecap\.ndjson$)/, `-${number}`);
      try {
        const writer = new CaptureWriter(name, await open(name, mayReplace ? 'w' : 'wx'));
        writer.#put(ssecapHeaderLine(header));
        await writer.written();
        if (writer.#failure === null) return writer;
        await writer.close();
        throw writer.#failure;
      } catch (error) {
        const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
        if (!isTaken || number === 1000) throw fileFailure('write', name, error);
      }
    }
  }

  /** Aborted when writing failed; see `failure`. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  get failure(): CommandFailure | null {
    return this.#failure;
  }

  /** Writes a record. If it returns a promise, wait for it before the next one. Never throws. */
  write(record: CaptureRecord): Promise<void> | void {
    if (this.#failure !== null) return;
    this.#put(ssecapRecordLine(record));
    if (this.#length > MAX_QUEUED) return this.written();
  }

  /** Settles when the system has all records so far, or writing failed. */
  written(): Promise<void> {
    return this.#queuedWritten ?? Promise.resolve();
  }

  /** Closes the file after the last write. */
  async close(): Promise<void> {
    while (this.#pumping !== null) await this.#pumping;
    await this.#handle.close();
  }

  /** Closes and deletes the file. */
  async discard(): Promise<void> {
    await this.close();
    await unlink(this.path);
  }

  #put(line: string): void {
    this.#queued.push(line);
    this.#length += line.length;
    if (this.#queued.length === 1) {
      this.#queuedWritten = new Promise((resolve) => (this.#resolveQueued = resolve));
    }
    this.#pumping ??= this.#pump();
  }

  async #pump(): Promise<void> {
    // Batches the lines of one turn.
    await Promise.resolve();
    try {
      while (this.#queued.length > 0) {
        const bytes = Buffer.from(this.#queued.join(''));
        const written = this.#resolveQueued;
        this.#queued = [];
        this.#length = 0;
        try {
          for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
        } finally {
          written();
        }
      }
    } catch (error) {
      const failure = fileFailure('write', this.path, error);
      if (!(failure instanceof CommandFailure)) throw error;
      this.#failure = failure;
      this.#queued = [];
      this.#resolveQueued();
      this.#failed.abort(this.#failure);
    } finally {
      this.#pumping = null;
    }
  }
}
