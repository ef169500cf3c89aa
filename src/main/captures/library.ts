import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { captureId, type CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureHeader, CaptureRecord } from '../../core/capture/record.ts';
import { redactHeader } from '../../core/capture/redact.ts';
import { readRecords } from './capture-file.ts';
import type { AppendFile } from './capture-writer.ts';
import { LiveCapture } from './live-capture.ts';
import { newCaptureId } from './new-capture-id.ts';
import { OpenCaptures } from './open-captures.ts';
import { recordingStopped } from './recording-stopped.ts';
import { nextRevision } from './revision.ts';
import type { CaptureSession } from './session.ts';
import { writeSidecar } from './sidecar.ts';
import { readStored, type StoredCapture } from './stored-capture.ts';

export type { LiveCapture } from './live-capture.ts';
export type { CaptureSession } from './session.ts';

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
  readonly #folder: string;
  readonly #options: LibraryOptions;
  readonly #stored = new Map<CaptureId, StoredCapture>();
  readonly #live = new Map<CaptureId, LiveCapture>();
  readonly #opened: OpenCaptures;
  readonly #listeners = new Set<(id: CaptureId) => void>();
  #sidecars: Promise<void> = Promise.resolve();
  readonly #finishing = new Set<Promise<unknown>>();

  private constructor(folder: string, options: LibraryOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#opened = new OpenCaptures(options.openAtMost ?? 6, {
      changed: (id) => this.#changed(id),
      whole: (session, size) => this.#wasRead(session, size),
      closed: (id) => this.#wasClosed(id),
    });
  }

  /** Opens a folder, which is made if absent. */
  static async open(folder: string, options: LibraryOptions = {}): Promise<CaptureLibrary> {
    await refuseStorage(
      'The folder for captures cannot be used',
      mkdir(folder, { recursive: true, mode: 0o700 }),
    );
    return new CaptureLibrary(folder, options);
  }

  /** Calls `listener` when the summary of a capture has changed, as often as it does, until the result is called. */
  onChange(listener: (id: CaptureId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All captures, newest first. */
  async list(): Promise<CaptureSummary[]> {
    const names = await refuseStorage('The folder for captures cannot be read', readdir(this.#folder));
    const ids = names.flatMap((name) => {
      const id = captureId.safeParse(name.endsWith('.capture') ? name.slice(0, -'.capture'.length) : '');
      return id.success ? [id.data] : [];
    });
    for (const id of this.#stored.keys()) if (!ids.includes(id)) this.#stored.delete(id);
    await Promise.all(ids.map((id) => this.#knowStored(id)));
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
    const live = await refuseStorage(
      'The capture cannot be stored',
      LiveCapture.create(id, this.#capturePath(id), stored, {
        origin,
        keepSecrets,
        name: header.name ?? null,
        onChange: () => this.#changed(id),
        onFinished: () => this.#finished(id),
        ...(createFile === undefined ? {} : { createFile }),
      }).catch(async (error: unknown) => {
        await rm(this.#capturePath(id), { force: true });
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
    return (await this.session(id)).summary();
  }

  /** The open session of a capture, which is opened if it is not. Ask for it anew for each question. */
  async session(id: CaptureId): Promise<CaptureSession> {
    const live = this.#live.get(id);
    return live?.session ?? (await this.#open(id)).session;
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
      const stored = await this.#knowStored(id);
      const renamed = {
        ...stored,
        name: given,
        summary: { ...stored.summary, name: given, revision: nextRevision() },
      };
      await this.#writeSidecar(id, renamed);
      this.#stored.set(id, renamed);
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
    if (this.#live.has(id))
      throw new Refusal('capture-busy', 'This capture is being recorded. Stop it first.');
    if (this.#opened.get(id) === null) await this.#knowStored(id);
    await this.#opened.close(id);
    await refuseStorage('The capture cannot be deleted', rm(this.#capturePath(id)));
    await rm(this.#sidecarPath(id), { force: true });
    this.#stored.delete(id);
  }

  /** The header of a capture, with the name that it has now. */
  async header(id: CaptureId): Promise<CaptureHeader> {
    const { name: _, ...header } = (await this.session(id)).header;
    const { name } = await this.session(id);
    return name === null ? header : { ...header, name };
  }

  /**
   * The records of a capture in their order, for exports: what is on disk when each is reached. A capture that has no
   * end record, and is not being recorded, is given one that says so.
   */
  async *records(id: CaptureId): AsyncGenerator<CaptureRecord, void> {
    if (!this.#live.has(id)) await this.#knowStored(id);
    let last: CaptureRecord | null = null;
    for await (const record of readRecords(this.#capturePath(id))) {
      last = record;
      yield record;
    }
    if (last?.kind !== 'end' && !this.#live.has(id)) yield recordingStopped(last?.at ?? null);
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
    const known = this.#opened.get(id) ?? (await this.#knowStored(id));
    return refuseStorage(
      'The capture cannot be read',
      this.#opened.open(id, this.#capturePath(id), known.name),
    );
  }

  async #wasRead(session: CaptureSession, size: number): Promise<void> {
    if (this.#stored.get(session.id)?.size !== size) await this.#saveQuietly(session);
  }

  async #wasClosed(id: CaptureId): Promise<void> {
    this.#stored.delete(id);
    await this.#knowStored(id).catch(() => {});
  }

  /** What is known of a capture without opening it. */
  async #knowStored(id: CaptureId): Promise<StoredCapture> {
    const known = this.#stored.get(id);
    if (known !== undefined) return known;
    if (!captureId.safeParse(id).success) throw noSuchCapture();
    const stored = await readStored(id, this.#capturePath(id), this.#sidecarPath(id));
    if (stored === null) throw noSuchCapture();
    this.#stored.set(id, stored);
    return stored;
  }

  async #saveSession(session: CaptureSession): Promise<void> {
    const { id, name } = session;
    const isWhole = session.phase === 'ended';
    const { size } = await refuseStorage('The capture cannot be read', stat(this.#capturePath(id)));
    await this.#writeSidecar(id, { name, summary: session.summary(), size: isWhole ? size : null });
  }

  /** The summary is a cache: where it cannot be written, nothing is lost but time. */
  async #saveQuietly(session: CaptureSession): Promise<void> {
    await this.#saveSession(session).catch(() => {});
  }

  /** Writes sidecars one after the other, so that the newest stays. */
  #writeSidecar(id: CaptureId, { name, summary, size }: StoredCapture): Promise<void> {
    const content = { name, summary: size === null ? null : { of: summary, size } };
    const writing = this.#sidecars.then(() => writeSidecar(this.#sidecarPath(id), content));
    this.#sidecars = writing.catch(() => {});
    return refuseStorage('The name cannot be stored', writing);
  }

  #capturePath(id: CaptureId): string {
    return join(this.#folder, `${id}.capture`);
  }

  #sidecarPath(id: CaptureId): string {
    return join(this.#folder, `${id}.json`);
  }
}

function noSuchCapture(): Refusal {
  return new Refusal('no-such-capture', 'There is no such capture.');
}

/** Turns the file system's error into a refusal. */
async function refuseStorage<T>(what: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal('storage', `${what}: ${reason}.`, { cause: error });
  }
}
