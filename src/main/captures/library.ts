import type { CaptureId } from '../../contract/capture-id.ts';
import { diagnosedAtEnd, type CaptureSummary } from '../../contract/capture-summary.ts';
import { Refusal } from '../../contract/refusal.ts';
import { recordingStopped } from '../../core/analysis/stream-totals.ts';
import type { CaptureSource } from '../../core/capture/capture-source.ts';
import type { CaptureHeader, CaptureRecord } from '../../core/capture/record.ts';
import { makeFolder } from '../files/make-folder.ts';
import { noSuchCapture, refuseStorage } from './capture-refusals.ts';
import { readRecords } from './capture-file.ts';
import type { AppendFile } from './capture-writer.ts';
import { FolderWatch } from './folder-watch.ts';
import type { GrowthLook } from './growth.ts';
import { OpenCaptures } from './open-captures.ts';
import { RecordingLocks, type LockOptions } from './recording-locks.ts';
import { Recordings, type CreateOptions } from './recordings.ts';
import type { LiveCapture } from './live-capture.ts';
import { nextRevision } from './summary.ts';
import type { CaptureSession } from './capture-session.ts';
import { StoredCaptures } from './stored-captures.ts';

export type { LiveCapture } from './live-capture.ts';
export type { CreateOptions } from './recordings.ts';
export type { CaptureReader } from './capture-reader.ts';
export type { CaptureSession } from './capture-session.ts';

export interface LibraryOptions {
  /** Captures read from disk that stay open, the most recently used. */
  readonly openAtMost?: number;
  /** Opens the file that a new capture is appended to. Tests pass one that fails. */
  readonly createFile?: (path: string) => Promise<AppendFile>;
  /** ms between attempts to write to a full disk. */
  readonly retryAfter?: number;
  /** ms between polls of the folder for what other processes do. */
  readonly lookEvery?: number;
  readonly locks?: LockOptions;
}

/**
 * The captures of a folder. `<id>.capture` has the records as received (see `capture-frame.ts`), `<id>.json` the user's name
 * for it and a summary, so that listing does not read bodies. `<id>.lock` exists while it is recorded (see
 * `recording-locks.ts`). Several processes may use a folder: each sees the recordings of the others grow, and cannot rename or
 * delete them.
 *
 * Records are written to the file before they are shown, so what was on screen survives `kill -9`. It may not survive a
 * power failure. Every method may reject with a `Refusal`: `no-such-capture`, `capture-busy`, `storage`.
 */
export class CaptureLibrary {
  readonly #stored: StoredCaptures;
  readonly #live: Recordings;
  readonly #opened: OpenCaptures;
  readonly #locks: RecordingLocks;
  readonly #watch: FolderWatch;
  readonly #listeners = new Set<(id: CaptureId) => void>();
  readonly #removedListeners = new Set<(id: CaptureId) => void>();
  /** Diagnoses of captures that have just ended. */
  readonly #diagnosing = new Set<Promise<void>>();
  /** Captures that are being deleted. They are not opened again. */
  readonly #deleting = new Set<CaptureId>();

  private constructor(folder: string, options: LibraryOptions) {
    this.#locks = new RecordingLocks(folder, options.locks);
    this.#stored = new StoredCaptures(folder, this.#locks);
    this.#live = new Recordings(this.#stored, this.#locks, {
      createFile: options.createFile,
      retryAfter: options.retryAfter,
      changed: (id) => this.#changed(id),
      finished: (session) => this.#finished(session),
    });
    this.#opened = new OpenCaptures(options.openAtMost ?? 6, this.#stored, (id) => this.#changed(id));
    const listener = {
      appeared: (id: CaptureId) => this.#changed(id),
      looked: (id: CaptureId, look: GrowthLook) => this.#looked(id, look),
      gone: (id: CaptureId) => this.#wentAway(id),
      recordedHere: () => this.#live.ids(),
      over: () => this.#live.publish(),
    };
    this.#watch = new FolderWatch(this.#stored, this.#locks, listener, options.lookEvery ?? 500);
    this.#watch.start();
  }

  /** Opens a folder; creates it if necessary. */
  static async open(folder: string, options: LibraryOptions = {}): Promise<CaptureLibrary> {
    const making = Promise.resolve().then(() => makeFolder(folder, 0o700));
    await refuseStorage('The folder for captures cannot be used', making);
    return new CaptureLibrary(folder, options);
  }

  /** Calls `listener` for each change of a capture's summary, until the result is called. */
  onChange(listener: (id: CaptureId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` for each capture that this or another process deletes, until the result is called. */
  onRemoved(listener: (id: CaptureId) => void): () => void {
    this.#removedListeners.add(listener);
    return () => this.#removedListeners.delete(listener);
  }

  /** All captures, newest first. */
  async list(): Promise<CaptureSummary[]> {
    const ids = new Set([...(await this.#stored.list()), ...this.#live.ids()]);
    const summaries = [...ids].flatMap((id) => this.summary(id) ?? []);
    return summaries.toSorted((a, b) =>
      a.startedAt === b.startedAt ? (a.id < b.id ? 1 : -1) : a.startedAt < b.startedAt ? 1 : -1,
    );
  }

  /** The current summary of a capture; null if it does not exist or was not listed yet. */
  summary(id: CaptureId): CaptureSummary | null {
    const session = this.#live.get(id)?.session ?? this.#opened.get(id);
    return session?.summary() ?? this.#stored.get(id)?.summary ?? null;
  }

  /**
   * Begins a capture. Pass its records to `sink` of the result. An end record or `close` finishes it.
   */
  create(header: CaptureHeader, options: CreateOptions): Promise<LiveCapture> {
    return this.#live.create(header, options);
  }

  /** Opens a capture. It can be queried at once, as far as it has been read. */
  async load(id: CaptureId): Promise<CaptureSummary> {
    const size = this.#opened.sizeOf(id);
    // Another process may have continued to record it since it was read.
    if (size !== null && (await this.#stored.size(id)) !== size) await this.#opened.close(id);
    return (await this.session(id)).summary();
  }

  /** The session of a capture, opened if necessary. It may close at any time: do not keep it. */
  async session(id: CaptureId): Promise<CaptureSession> {
    const live = this.#live.get(id);
    return live?.session ?? (await this.#open(id)).session;
  }

  /** Runs a query on the session of a capture: see `CaptureSession.ask`. */
  async ask<T>(id: CaptureId, query: (session: CaptureSession) => T | Promise<T>): Promise<T> {
    let session = await this.session(id);
    // Closed to make room for others since it was opened.
    while (session.isClosed) session = await this.session(id);
    const { worst } = session.reader;
    const answer = await session.ask(query);
    // The query was a diagnosis: the list shows what it found, also after the next start.
    if (session.reader.worst !== worst) {
      this.#changed(id);
      await this.#stored.saveQuietly(session);
    }
    return answer;
  }

  /** Settles when a capture is read to its end, or to the present if another process is recording it. */
  async whole(id: CaptureId): Promise<void> {
    if (this.#live.get(id) !== undefined) return;
    const { session, whole, caughtUp } = await this.#open(id);
    await (session.recordedElsewhere ? caughtUp : whole);
  }

  /** Throws a `Refusal` (`capture-busy`) if another process is recording the capture. */
  async refuseElsewhere(id: CaptureId): Promise<void> {
    if (await this.#locks.isHeldElsewhere(id))
      throw new Refusal('capture-busy', 'Another process is recording this capture. Stop it there first.');
  }

  /** Renames a capture. An empty name removes the name. */
  async rename(id: CaptureId, name: string): Promise<void> {
    await this.refuseElsewhere(id);
    const session = this.#live.get(id)?.session ?? this.#opened.get(id);
    const given = name === '' ? null : name;
    if (session === null) {
      const stored = await this.#stored.read(id);
      const summary = { ...stored.summary, name: given, revision: nextRevision() };
      await this.#stored.write(id, { ...stored, name: given, summary });
    } else {
      const before = session.name;
      session.rename(given);
      await this.#stored.save(session).catch((error: unknown) => {
        session.rename(before);
        throw error;
      });
    }
    this.#changed(id);
  }

  /** Deletes a capture. Refused (`capture-busy`) while it is being recorded. */
  async delete(id: CaptureId): Promise<void> {
    const live = this.#live.get(id);
    if (live?.isEnding === false)
      throw new Refusal('capture-busy', 'This capture is being recorded. Stop it first.');
    await this.refuseElsewhere(id);
    // Its end may still wait to be written, on a full disk forever.
    await live?.close();
    await this.#live.settled(id);
    if (this.#opened.get(id) === null) await this.#stored.read(id);
    this.#deleting.add(id);
    try {
      await this.#opened.close(id);
      await this.#stored.remove(id);
    } finally {
      this.#deleting.delete(id);
    }
    this.#removed(id);
  }

  /** The header of a capture with its current name. */
  header(id: CaptureId): Promise<CaptureHeader> {
    return this.ask(id, ({ header: { name: _, ...header }, name }) =>
      name === null ? header : { ...header, name },
    );
  }

  /**
   * A snapshot of a capture on disk, for exports, which read it more than once: records that are added later are not part of
   * it. A capture without an end record that is not being recorded gets one that says so.
   */
  async source(id: CaptureId): Promise<CaptureSource> {
    const header = await this.header(id);
    const isLive = await this.#isRecorded(id);
    const size = await this.#stored.size(id);
    return { header, records: () => this.#records(id, size, isLive) };
  }

  /** Path and current size of a capture's file, and the URL of its request, for a thread that reads it. */
  async file(id: CaptureId): Promise<{ readonly path: string; readonly size: number; readonly url: string }> {
    const { request } = await this.header(id);
    return { path: this.#stored.path(id), size: await this.#stored.size(id), url: request.url };
  }

  /** The records that a capture has now, in order; see `source`. */
  async *records(id: CaptureId): AsyncGenerator<CaptureRecord, void> {
    const isLive = await this.#isRecorded(id);
    if (!isLive) await this.#stored.read(id);
    yield* this.#records(id, await this.#stored.size(id), isLive);
  }

  async #isRecorded(id: CaptureId): Promise<boolean> {
    return this.#live.get(id) !== undefined || (await this.#locks.isHeldElsewhere(id));
  }

  async *#records(id: CaptureId, size: number, isLive: boolean): AsyncGenerator<CaptureRecord, void> {
    let last: CaptureRecord | null = null;
    for await (const record of readRecords(this.#stored.path(id), size)) {
      last = record;
      yield record;
    }
    if (last?.kind !== 'end' && !isLive) yield recordingStopped(last?.at ?? null);
  }

  /** Finishes all recordings and closes all files. */
  async close(): Promise<void> {
    await this.#watch.stop();
    await this.#live.close();
    await this.#opened.closeAll();
    await Promise.all(this.#diagnosing);
    this.#listeners.clear();
    this.#removedListeners.clear();
  }

  #changed(id: CaptureId): void {
    for (const listener of this.#listeners) listener(id);
  }

  #removed(id: CaptureId): void {
    for (const listener of this.#removedListeners) listener(id);
  }

  /** A finished recording stays open like a capture that was read. */
  async #finished(session: CaptureSession): Promise<void> {
    // Cached before its session can be closed to make room for others.
    const saved = this.#stored.saveQuietly(session);
    this.#changed(session.id);
    await Promise.all([this.#opened.adopt(session), saved]);
    if (session.summary().dispatched > diagnosedAtEnd) return;
    // It fails if the capture is deleted, or if the library is closed, which waits for it.
    const diagnosing = this.ask(session.id, ({ reader }) => reader.diagnosis())
      .catch(() => {})
      .then(() => void this.#diagnosing.delete(diagnosing));
    this.#diagnosing.add(diagnosing);
  }

  /** Another process records a capture, or has just stopped. */
  async #looked(id: CaptureId, look: GrowthLook): Promise<void> {
    if (this.#opened.grow(id, look)) return;
    const before = this.#stored.get(id)?.summary;
    const now = (await this.#stored.refresh(id))?.summary;
    if (now?.recordedElsewhere !== true || now.lastAt !== before?.lastAt) this.#changed(id);
  }

  async #wentAway(id: CaptureId): Promise<void> {
    const live = this.#live.get(id);
    if (live !== undefined) {
      live.warn({ code: 'file-gone', message: fileGone });
      return;
    }
    if (this.#deleting.has(id)) return;
    this.#stored.invalidate(id);
    await this.#opened.close(id);
    this.#stored.invalidate(id);
    this.#removed(id);
  }

  async #open(id: CaptureId): ReturnType<OpenCaptures['open']> {
    if (this.#deleting.has(id)) throw noSuchCapture();
    const opened = await this.#opened.open(id);
    if (!this.#deleting.has(id)) return opened;
    await this.#opened.close(id);
    throw noSuchCapture();
  }
}

const fileGone =
  'The file of this capture was deleted during the recording. What is shown is lost when the capture is closed.';
