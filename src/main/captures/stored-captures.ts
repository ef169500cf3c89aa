import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { captureId, type CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { noSuchCapture, refuseStorage } from './capture-refusals.ts';
import { lockSuffix, type RecordingLocks } from './recording-locks.ts';
import type { CaptureSession } from './capture-session.ts';
import { sidecarPath, writeSidecar, type Sidecar } from './sidecar.ts';
import { readStored, type StoredCapture } from './stored-capture.ts';

/** Captures that are read at the same time. Each takes a file handle and about 300 KiB. */
const atOnce = 8;

/** The captures of a folder on disk, two files each, and their summaries, without opening one. */
export class StoredCaptures {
  readonly #folder: string;
  readonly #locks: Pick<RecordingLocks, 'isHeldElsewhere'>;
  readonly #cache = new Map<CaptureId, StoredCapture>();
  /** Counts invalidations: a summary that was being read during one is out of date. */
  #invalidations = 0;
  /** Sidecars are written one after the other, so that the newest wins. */
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, locks: Pick<RecordingLocks, 'isHeldElsewhere'>) {
    this.#folder = folder;
    this.#locks = locks;
  }

  /** The file that holds a capture. */
  path(id: CaptureId): string {
    return join(this.#folder, `${id}.capture`);
  }

  /** The cached capture; null if it is not cached. */
  get(id: CaptureId): StoredCapture | null {
    return this.#cache.get(id) ?? null;
  }

  /** All cached captures. */
  get cached(): ReadonlyMap<CaptureId, StoredCapture> {
    return this.#cache;
  }

  /** The ids of all captures in the folder, in no order. Throws a `Refusal` (`storage`). */
  async ids(): Promise<Set<CaptureId>> {
    const names = await refuseStorage('The folder for captures cannot be read', readdir(this.#folder));
    return new Set(idsOf(names, '.capture'));
  }

  /**
   * The ids of all captures in the folder that can be read, in no order. They are cached afterwards, and the locks of
   * processes that no longer run are removed. Throws a `Refusal` (`storage`).
   */
  async list(): Promise<CaptureId[]> {
    const before = [...this.#cache.keys()];
    const names = await refuseStorage('The folder for captures cannot be read', readdir(this.#folder));
    const there = new Set(idsOf(names, '.capture'));
    for (const id of before) if (!there.has(id)) this.invalidate(id);
    for (const id of idsOf(names, lockSuffix)) if (!there.has(id)) await this.#locks.isHeldElsewhere(id);
    const left = [...there].values();
    const lookAt = async (): Promise<void> => {
      for (const id of left) await this.read(id).catch(() => there.delete(id));
    };
    await Promise.all(Array.from({ length: atOnce }, lookAt));
    return [...there];
  }

  /** The capture from the cache, or else from disk. Throws a `Refusal` (`no-such-capture`). */
  async read(id: CaptureId): Promise<StoredCapture> {
    if (!captureId.safeParse(id).success) throw noSuchCapture();
    for (;;) {
      const cached = this.#cache.get(id);
      if (cached !== undefined) return cached;
      const invalidations = this.#invalidations;
      const stored = await readStored(id, this.path(id), this.#sidecarPath(id), this.#locks);
      // The cache changed while this was read: it is newer.
      if (this.#cache.has(id) || invalidations !== this.#invalidations) continue;
      if (stored === null) throw noSuchCapture();
      this.#cache.set(id, stored);
      return stored;
    }
  }

  /** Puts a capture that was read or recorded into the cache. */
  update(id: CaptureId, stored: StoredCapture): void {
    this.#cache.set(id, { ...stored, summary: { ...stored.summary, phase: 'stored' } });
  }

  /** Removes a capture from the cache, so that the next `read` reads it from disk. */
  invalidate(id: CaptureId): void {
    this.#invalidations += 1;
    this.#cache.delete(id);
  }

  /** Size of the file. Throws a `Refusal` (`storage`). */
  async size(id: CaptureId): Promise<number> {
    return (await refuseStorage('The capture cannot be read', stat(this.path(id)))).size;
  }

  /** Reads a capture from disk and replaces the cached one. Null if it no longer exists. */
  async refresh(id: CaptureId): Promise<StoredCapture | null> {
    const before = this.#cache.get(id);
    const invalidations = this.#invalidations;
    const stored = await readStored(id, this.path(id), this.#sidecarPath(id), this.#locks);
    // The cache changed while this was read: it is newer.
    if (this.#cache.get(id) !== before || invalidations !== this.#invalidations) return this.get(id);
    if (stored === null) this.invalidate(id);
    else this.#cache.set(id, stored);
    return stored;
  }

  /** Saves a capture's name, and its summary if it covers the whole file. Throws a `Refusal` (`storage`). */
  async write(id: CaptureId, stored: StoredCapture): Promise<void> {
    const { name, summary, size } = stored;
    const content = { name, summary: size === null ? null : { of: summary, size } };
    await refuseStorage('The name cannot be saved', this.#writeSidecar(id, content));
    this.update(id, stored);
  }

  /** Saves the name and the summary of an open capture, as `write`. */
  async save(session: CaptureSession): Promise<void> {
    const { id, name, phase } = session;
    const size = await this.size(id);
    await this.write(id, { name, summary: session.summary(), size: phase === 'ended' ? size : null });
  }

  /** As `save`, but never rejects. The capture is cached even if it cannot be saved. */
  async saveQuietly(session: CaptureSession): Promise<void> {
    this.update(session.id, { name: session.name, summary: session.summary(), size: null });
    // The sidecar is a cache: without it the file is read again.
    await this.save(session).catch(() => {});
  }

  /** Saves the summary of a capture that this process records. Rejects with the file system's error. */
  publish(id: CaptureId, name: string | null, summary: CaptureSummary): Promise<void> {
    // No file has size 0, so the summary is ignored once the capture is no longer recorded.
    return this.#writeSidecar(id, { name, summary: { of: summary, size: 0 } });
  }

  /** Deletes a capture's files. Throws a `Refusal` (`storage`). */
  async remove(id: CaptureId): Promise<void> {
    await refuseStorage('The capture cannot be deleted', rm(this.path(id), { force: true }));
    const removing = this.#writing.then(() => rm(this.#sidecarPath(id), { force: true }));
    this.#writing = removing.catch(() => {});
    await refuseStorage('The capture cannot be deleted', removing);
    this.invalidate(id);
  }

  #writeSidecar(id: CaptureId, content: Sidecar): Promise<void> {
    const writing = this.#writing.then(() => writeSidecar(this.#sidecarPath(id), content));
    this.#writing = writing.catch(() => {});
    return writing;
  }

  #sidecarPath(id: CaptureId): string {
    return sidecarPath(this.#folder, id);
  }
}

/** The ids in the file names that end with a suffix. */
function idsOf(names: readonly string[], suffix: string): CaptureId[] {
  return names.flatMap((name) => {
    const id = captureId.safeParse(name.endsWith(suffix) ? name.slice(0, -suffix.length) : '');
    return id.success ? [id.data] : [];
  });
}
