import { rm } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureSource } from '../../core/capture/capture-source.ts';
import type { CaptureHeader, CaptureRecord } from '../../core/capture/record.ts';
import { redactHeader } from '../../core/capture/redact.ts';
import { makeFolder } from '../make-folder.ts';
import { readRecords } from './capture-file.ts';
import type { AppendFile } from './capture-writer.ts';
import { LiveCapture } from './live-capture.ts';
import { newCaptureId } from './new-capture-id.ts';
import { noSuchCapture } from './no-such-capture.ts';
import { OpenCaptures } from './open-captures.ts';
import { recordingStopped } from './recording-stopped.ts';
import { refuseStorage } from './refuse-storage.ts';
import { nextRevision } from './revision.ts';
import type { CaptureSession } from './session.ts';
import { StoredCaptures } from './stored-captures.ts';

export type { LiveCapture } from './live-capture.ts';
export type { CaptureSession } from './session.ts';

/** Characters of a name: a file may bring one of any length. */
const mostName = 200;

export interface CreateOptions {
  readonly origin: CaptureSummary['origin'];
  /** Store secrets as they are, instead of redacted. */
  readonly keepSecrets: boolean;
}

export interface LibraryOptions {
  /** Captures read from disk that stay open; the one not asked for longest is closed first. */
  readonly openAtMost?: number;
  /** Opens the file that a new capture is appended to; tests give one that fails. */
  readonly createFile?: (path: string) => Promise<AppendFile>;
}

/**
 * The captures of a folder: `<id>.capture` holds one as it was received (see `capture-frame.ts`), `<id>.json` beside
 * it the name that the user gave and a summary, so that listing reads no bodies.
 *
 * Records are on disk before anything is derived from them or shown, so what was on screen survives `kill -9`; what
 * the operating system had not yet brought to the disk when the power failed does not. Every method may reject with a
 * `Refusal`: `no-such-capture`, `capture-busy`, `storage`.
 */
export class CaptureLibrary {
  readonly #options: LibraryOptions;
  readonly #stored: StoredCaptures;
  readonly #live = new Map<CaptureId, LiveCapture>();
  readonly #opened: OpenCaptures;
  readonly #listeners = new Set<(id: CaptureId) => void>();
  readonly #finishing = new Set<Promise<unknown>>();
  /** What is being deleted: it is not opened again. */
  readonly #deleting = new Set<CaptureId>();

  private constructor(folder: string, options: LibraryOptions) {
    this.#stored = new StoredCaptures(folder);
    this.#options = options;
    this.#opened = new OpenCaptures(options.openAtMost ?? 6, {
      changed: (id) => this.#changed(id),
      whole: (session, size) => this.#wasRead(session, size),
      closed: (id) => this.#wasClosed(id),
    });
  }

  /** Opens a folder, which is made if absent. */
  static async open(folder: string, options: LibraryOptions = {}): Promise<CaptureLibrary> {
    const making = Promise.resolve().then(() => makeFolder(folder, 0o700));
    await refuseStorage('The folder for captures cannot be used', making);
    return new CaptureLibrary(folder, options);
  }

  /** Calls `listener` when the summary of a capture has changed, as often as it does, until the result is called. */
  onChange(listener: (id: CaptureId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All captures, newest first. */
  async list(): Promise<CaptureSummary[]> {
    const ids = await this.#stored.list();
    const summaries = ids.flatMap((id) => this.summary(id) ?? []);
    return summaries.toSorted((a, b) =>
      a.startedAt === b.startedAt ? (a.id < b.id ? 1 : -1) : a.startedAt < b.startedAt ? 1 : -1,
    );
  }

  /** The newest summary of a capture; null for one that is not known (or not listed yet). */
  summary(id: CaptureId): CaptureSummary | null {
    const session = this.#live.get(id)?.session ?? this.#opened.get(id);
    return session?.summary() ?? this.#stored.get(id)?.summary ?? null;
  }

  /**
   * Begins a capture. Give its records to `sink` of the result; an end record finishes it, or else `close` of the
   * result does.
   */
  async create(header: CaptureHeader, { origin, keepSecrets }: CreateOptions): Promise<LiveCapture> {
    const id = newCaptureId(new Date());
    const stored = keepSecrets ? header : redactHeader(header);
    const { createFile } = this.#options;
    const path = this.#stored.path(id);
    const live = await refuseStorage(
      'The capture cannot be stored',
      LiveCapture.create(id, path, stored, {
        origin,
        keepSecrets,
        name: header.name?.slice(0, mostName) ?? null,
        onChange: () => this.#changed(id),
        onFinished: () => this.#finished(id),
        ...(createFile === undefined ? {} : { createFile }),
      }).catch(async (error: unknown) => {
        await rm(path, { force: true });
        throw error;
      }),
    );
    this.#live.set(id, live);
    this.#changed(id);
    return live;
  }

  /** Stores a capture that comes from a file. Reads `records` no faster than they are written. */
  async importRecords(
    header: CaptureHeader,
    records: AsyncIterable<CaptureRecord> | Iterable<CaptureRecord>,
    options: CreateOptions = { origin: 'file', keepSecrets: false },
  ): Promise<CaptureId> {
    const live = await this.create(header, options);
    try {
      for await (const record of records) await live.sink(record);
    } finally {
      await live.close();
    }
    return live.id;
  }

  /** Opens a capture; its rows can be asked for at once, as far as they are read. */
  async load(id: CaptureId): Promise<CaptureSummary> {
    const size = this.#opened.sizeOf(id);
    // Another process may have gone on recording it since it was read.
    if (size !== null && (await this.#stored.size(id)) !== size) await this.#opened.close(id);
    return (await this.session(id)).summary();
  }

  /** The open session of a capture, which is opened if it is not. Ask for it anew for each question. */
  async session(id: CaptureId): Promise<CaptureSession> {
    const live = this.#live.get(id);
    return live?.session ?? (await this.#open(id)).session;
  }

  /** Puts a question to the session of a capture, which stays open until it is answered. */
  async ask<T>(id: CaptureId, question: (session: CaptureSession) => T | Promise<T>): Promise<T> {
    let session = await this.session(id);
    // Closed between being opened and now, to make room for others.
    while (session.isClosed) session = await this.session(id);
    const release = session.hold();
    try {
      return await question(session);
    } finally {
      release();
    }
  }

  /** Settles when a capture is read whole. */
  async whole(id: CaptureId): Promise<void> {
    if (!this.#live.has(id)) await (await this.#open(id)).whole;
  }

  /** Gives a capture a name, or takes it away with an empty one. */
  async rename(id: CaptureId, name: string): Promise<void> {
    const session = this.#live.get(id)?.session ?? this.#opened.get(id);
    const given = name === '' ? null : name;
    if (session === null) {
      const stored = await this.#stored.know(id);
      const summary = { ...stored.summary, name: given, revision: nextRevision() };
      await this.#stored.write(id, { ...stored, name: given, summary });
    } else {
      const before = session.name;
      session.name = given;
      await this.#saveSession(session).catch((error: unknown) => {
        session.name = before;
        throw error;
      });
    }
    this.#changed(id);
  }

  /** Deletes a capture for good; refused while it is recorded. */
  async delete(id: CaptureId): Promise<void> {
    const live = this.#live.get(id);
    if (live?.isEnding === false)
      throw new Refusal('capture-busy', 'This capture is being recorded. Stop it first.');
    // Its end waits to be written, on a full disk for ever: what is deleted needs no room.
    await live?.close();
    if (this.#opened.get(id) === null) await this.#stored.know(id);
    this.#deleting.add(id);
    try {
      await this.#opened.close(id);
      await this.#stored.remove(id);
    } finally {
      this.#deleting.delete(id);
    }
  }

  /** The header of a capture, with the name that it has now. */
  header(id: CaptureId): Promise<CaptureHeader> {
    return this.ask(id, ({ header: { name: _, ...header }, name }) =>
      name === null ? header : { ...header, name },
    );
  }

  /**
   * A capture as it is on disk at this moment, for exports: they go through it more than once, and what is recorded
   * meanwhile is no part of it. One that has no end record, and is not being recorded, is given one that says so.
   */
  async source(id: CaptureId): Promise<CaptureSource> {
    const header = await this.header(id);
    const isLive = this.#live.has(id);
    const size = await this.#stored.size(id);
    return { header, records: () => this.#records(id, size, isLive) };
  }

  /** The records that a capture has at this moment, in their order; see `source`. */
  async *records(id: CaptureId): AsyncGenerator<CaptureRecord, void> {
    const isLive = this.#live.has(id);
    if (!isLive) await this.#stored.know(id);
    yield* this.#records(id, await this.#stored.size(id), isLive);
  }

  async *#records(id: CaptureId, size: number, isLive: boolean): AsyncGenerator<CaptureRecord, void> {
    let last: CaptureRecord | null = null;
    for await (const record of readRecords(this.#stored.path(id), size)) {
      last = record;
      yield record;
    }
    if (last?.kind !== 'end' && !isLive) yield recordingStopped(last?.at ?? null);
  }

  /** Finishes what is being recorded and lets go of everything. */
  async close(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.close()));
    await Promise.all(this.#finishing);
    await this.#opened.closeAll();
    this.#listeners.clear();
  }

  #changed(id: CaptureId): void {
    for (const listener of this.#listeners) listener(id);
  }

  /** What was recorded stays open like a capture that was read. */
  #finished(id: CaptureId): void {
    const session = this.#live.get(id)?.session;
    if (session === undefined) return;
    this.#live.delete(id);
    const finishing = Promise.all([this.#opened.adopt(session), this.#saveQuietly(session)]);
    this.#finishing.add(finishing);
    void finishing.finally(() => this.#finishing.delete(finishing));
    this.#changed(id);
  }

  async #open(id: CaptureId): ReturnType<OpenCaptures['open']> {
    const known = this.#opened.get(id) ?? (await this.#stored.know(id));
    if (this.#deleting.has(id)) throw noSuchCapture();
    return refuseStorage(
      'The capture cannot be read',
      this.#opened.open(id, this.#stored.path(id), known.name),
    );
  }

  async #wasRead(session: CaptureSession, size: number): Promise<void> {
    if (this.#stored.get(session.id)?.size !== size) await this.#saveQuietly(session);
  }

  async #wasClosed(id: CaptureId): Promise<void> {
    this.#stored.forget(id);
    await this.#stored.know(id).catch(() => {});
  }

  async #saveSession(session: CaptureSession): Promise<void> {
    const { id, name } = session;
    const isWhole = session.phase === 'ended';
    const size = await this.#stored.size(id);
    await this.#stored.write(id, { name, summary: session.summary(), size: isWhole ? size : null });
  }

  /** The summary is a cache: where it cannot be written, nothing is lost but time. */
  async #saveQuietly(session: CaptureSession): Promise<void> {
    await this.#saveSession(session).catch(() => {});
  }
}
