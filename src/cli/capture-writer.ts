import { open, unlink, type FileHandle } from 'node:fs/promises';
import type { CaptureHeader, CaptureRecord } from '../core/capture/record.ts';
import { ssecapHeaderLine, ssecapRecordLine } from '../core/capture/ssecap-writer.ts';
import { CommandFailure, fileFailure } from './command-failure.ts';

/** Characters that may wait to be written before the stream is asked to pause. */
const MAX_QUEUED = 4 * 1024 * 1024;

/**
 * Writes an `.ssecap.ndjson` file while its records come: every line is given to the system at once, so that killing this
 * process costs a torn last line at most. When writing fails, what was written stays.
 */
export class CaptureWriter {
  readonly path: string;
  readonly #handle: FileHandle;
  #queued: string[] = [];
  #length = 0;
  /** Settles when what is waiting now, and what is being written, has been written. */
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
   * Begins a file. With `mayReplace` one that is there is written over; otherwise a number is added to the name. Throws
   * a `CommandFailure` (unreadable).
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

  /** Writes a record; a promise asks to wait with more. Never throws. */
  write(record: CaptureRecord): Promise<void> | void {
    if (this.#failure !== null) return;
    this.#put(ssecapRecordLine(record));
    if (this.#length > MAX_QUEUED) return this.written();
  }

  /** Settles when the system has everything that was written so far, or writing failed. */
  written(): Promise<void> {
    return this.#queuedWritten ?? Promise.resolve();
  }

  /** Ends the file when everything is written. */
  async close(): Promise<void> {
    while (this.#pumping !== null) await this.#pumping;
    await this.#handle.close();
  }

  /** Ends and removes the file. */
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
    // Lines that come in the same moment are written together.
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
