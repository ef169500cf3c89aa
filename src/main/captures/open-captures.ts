import { open } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import { Deferred } from '../../core/deferred.ts';
import { refuseStorage } from './capture-refusals.ts';
import { CaptureFile } from './capture-file.ts';
import { Growth, type GrowthLook } from './growth.ts';
import { endSession, readSession } from './load-session.ts';
import { CaptureSession } from './capture-session.ts';
import { fallbackHeader } from './stored-capture.ts';
import type { StoredCaptures } from './stored-captures.ts';

/** A capture that was read from disk, or is being read. */
interface Opened {
  readonly session: CaptureSession;
  /** Settles when it is read to its end, or no longer needed. Never rejects. */
  readonly whole: Promise<void>;
  /** The same, without waiting for what another process will still record. */
  readonly caughtUp: Promise<void>;
  /** Size of the file that was read; null if it was recorded here or is followed while it grows. */
  readonly size: number | null;
  /** Reports how its file grows while another process records it; null otherwise. */
  readonly growth: Growth | null;
}

/** The sessions of captures that this process does not record: opened on demand, the least recently used closed. */
export class OpenCaptures {
  readonly #most: number;
  readonly #stored: StoredCaptures;
  readonly #changed: (id: CaptureId) => void;
  /** The most recently used last. */
  readonly #opened = new Map<CaptureId, Opened>();
  readonly #opening = new Map<CaptureId, Promise<Opened>>();
  /** Sessions that close after their running queries. */
  readonly #retiring = new Map<CaptureSession, Promise<void>>();

  /**
   * @param most sessions to keep open
   * @param changed called when there is more of a capture to show
   */
  constructor(most: number, stored: StoredCaptures, changed: (id: CaptureId) => void) {
    this.#most = most;
    this.#stored = stored;
    this.#changed = changed;
  }

  /** The session of a capture; null if it is not open. */
  get(id: CaptureId): CaptureSession | null {
    return this.#opened.get(id)?.session ?? null;
  }

  /** Size of the file that was read; null if it is not open, was recorded here or is followed. */
  sizeOf(id: CaptureId): number | null {
    return this.#opened.get(id)?.size ?? null;
  }

  /** Takes over the session of a capture that was just recorded. */
  async adopt(session: CaptureSession): Promise<void> {
    const whole = Promise.resolve();
    this.#opened.set(session.id, { session, whole, caughtUp: whole, size: null, growth: null });
    await this.#trim();
  }

  /** The session of a capture, opened if necessary. Throws a `Refusal` (`no-such-capture`, `storage`). */
  async open(id: CaptureId): Promise<Opened> {
    const opened = this.#opened.get(id);
    if (opened !== undefined) {
      this.#opened.delete(id);
      this.#opened.set(id, opened);
      return opened;
    }
    let opening = this.#opening.get(id);
    if (opening === undefined) {
      opening = refuseStorage('The capture cannot be read', this.#read(id)).finally(() =>
        this.#opening.delete(id),
      );
      this.#opening.set(id, opening);
    }
    const result = await opening;
    await this.#trim();
    return result;
  }

  /** Closes a capture if it is open, also while it is being read. */
  async close(id: CaptureId): Promise<void> {
    // One that is being opened is opened first, for its caller.
    await this.#opening.get(id)?.catch(() => {});
    const opened = this.#opened.get(id);
    if (opened === undefined) return;
    this.#opened.delete(id);
    opened.growth?.close();
    await opened.session.close();
    await opened.whole;
    await this.#wasClosed(opened.session);
  }

  /** Reports that a capture's file has grown. False if the capture is not open or does not follow its file. */
  grow(id: CaptureId, look: GrowthLook): boolean {
    const growth = this.#opened.get(id)?.growth ?? null;
    growth?.push(look);
    return growth !== null;
  }

  async closeAll(): Promise<void> {
    const ids = new Set([...this.#opening.keys(), ...this.#opened.keys()]);
    await Promise.all([...ids].map((id) => this.close(id)));
    await Promise.all([...this.#retiring].map(([session, retired]) => [session.close(), retired]).flat());
  }

  async #read(id: CaptureId): Promise<Opened> {
    const { name, summary } = await this.#stored.read(id);
    const isGrowing = summary.recordedElsewhere;
    const handle = await open(this.#stored.path(id), 'r');
    let file: CaptureFile;
    try {
      file = await CaptureFile.begin(handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
    const stored = file.header ?? { header: fallbackHeader(id), origin: 'file' as const };
    const session = new CaptureSession(id, stored, {
      name,
      file: handle,
      start: file.start,
      state: 'loading',
      recordedElsewhere: isGrowing,
      worst: summary.worst,
    });
    const growth = isGrowing ? new Growth() : null;
    const caughtUp = new Deferred<void>();
    const catchUp = (): void => caughtUp.resolve();
    const whole = this.#load(session, file, growth, catchUp).finally(catchUp);
    const size = isGrowing ? null : file.size;
    const opened = { session, whole, caughtUp: caughtUp.promise, size, growth };
    this.#opened.set(id, opened);
    return opened;
  }

  async #load(
    session: CaptureSession,
    file: CaptureFile,
    growth: Growth | null,
    catchUp: () => void,
  ): Promise<void> {
    const isWanted = (): boolean => this.#opened.get(session.id)?.session === session;
    // The caller gets the session first.
    await Promise.resolve();
    try {
      const changed = (): void => this.#changed(session.id);
      let isRecorded = growth !== null;
      for (;;) {
        if (!(await readSession(session, file, isWanted, changed))) return;
        if (growth === null || !isRecorded) break;
        session.caughtUp();
        changed();
        catchUp();
        const look = await growth.next();
        if (look === null) return;
        isRecorded = look.isRecorded;
        file.extend(look.size);
      }
      endSession(session, file);
      changed();
      await this.#wasRead(session, file.size);
    } catch (error) {
      if (!isWanted()) return;
      const message = `The rest of this capture cannot be shown: ${String(error)}`;
      const code = (error as NodeJS.ErrnoException).code === undefined ? 'internal' : 'storage-failed';
      session.fail({ code, message });
      this.#changed(session.id);
    }
  }

  /** Saves the summary of a capture that was read to its end, unless it is saved already. */
  async #wasRead(session: CaptureSession, size: number): Promise<void> {
    const { id } = session;
    if (this.#stored.get(id)?.summary.recordedElsewhere === true) {
      // The other process may have named it.
      const name = (await this.#stored.refresh(id))?.name;
      if (name !== undefined) session.rename(name);
      this.#changed(id);
    }
    if (this.#stored.get(id)?.size !== size) await this.#stored.saveQuietly(session);
  }

  /** Reads the summary of a capture again if it was closed before its end was read. */
  async #wasClosed({ id, phase }: CaptureSession): Promise<void> {
    if (phase !== 'ended') await this.#stored.refresh(id);
  }

  /** Closes sessions above the limit, each after its running queries. */
  async #trim(): Promise<void> {
    const spare = [...this.#opened].slice(0, -this.#most);
    for (const [id, { session, whole, growth }] of spare) {
      this.#opened.delete(id);
      growth?.close();
      const retired = session
        .retire()
        .catch(() => {})
        .then(() => whole)
        .finally(() => this.#retiring.delete(session));
      this.#retiring.set(session, retired);
    }
    for (const [, { session }] of spare) await this.#wasClosed(session);
  }
}
