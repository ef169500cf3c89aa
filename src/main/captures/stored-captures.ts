import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { captureId, type CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { noSuchCapture, refuseStorage } from './capture-refusals.ts';
import { lockSuffix, type RecordingLocks } from './recording-locks.ts';
import type { CaptureSession } from './capture-session.ts';
import { sidecarPath, writeSidecar, type Sidecar } from './sidecar.ts';
import { readStored, type StoredCapture } from './stored-capture.ts';

/** Captures that are looked at together: each takes a file handle and some 300 KiB while it is. */
const atOnce = 8;

/** The captures of a folder as they are on disk: two files each, and what is known of them without opening one. */
export class StoredCaptures {
  readonly #folder: string;
  readonly #locks: Pick<RecordingLocks, 'isHeldElsewhere'>;
  readonly #cache = new Map<CaptureId, StoredCapture>();
  /** Grows when a capture is forgotten or removed: what was being read of it then is out of date. */
  #invalidations = 0;
  /** Sidecars are written one after the other, so that the newest stays. */
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, locks: Pick<RecordingLocks, 'isHeldElsewhere'>) {
    this.#folder = folder;
    this.#locks = locks;
  }

  /** The file that holds a capture. */
  path(id: CaptureId): string {
    return join(this.#folder, `${id}.capture`);
  }

  /** What is known of a capture already; null for nothing. */
  get(id: CaptureId): StoredCapture | null {
    return this.#cache.get(id) ?? null;
  }

  /** The captures that something is known of. */
  get cached(): ReadonlyMap<CaptureId, StoredCapture> {
    return this.#cache;
  }

  /** The names of all captures that are there now, in no order. Throws a `Refusal` where the folder cannot be read. */
  async ids(): Promise<Set<CaptureId>> {
    const names = await refuseStorage('The folder for captures cannot be read', readdir(this.#folder));
    return new Set(idsOf(names, '.capture'));
  }

  /**
   * All captures that are there now, in no order; what is none is left out. Locks that a process left behind when it was
   * ended are removed. Throws a `Refusal` where the folder cannot be read.
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

  /** What is known of a capture. Throws a `Refusal` (`no-such-capture`) where there is none. */
  async read(id: CaptureId): Promise<StoredCapture> {
    if (!captureId.safeParse(id).success) throw noSuchCapture();
    for (;;) {
      const cached = this.#cache.get(id);
      if (cached !== undefined) return cached;
      const invalidations = this.#invalidations;
      const stored = await readStored(id, this.path(id), this.#sidecarPath(id), this.#locks);
      // What was learned or forgotten while this was read is newer.
      if (this.#cache.has(id) || invalidations !== this.#invalidations) continue;
      if (stored === null) throw noSuchCapture();
      this.#cache.set(id, stored);
      return stored;
    }
  }

  /** Takes what is known of a capture from somebody who has read it, or recorded it. */
  update(id: CaptureId, stored: StoredCapture): void {
    this.#cache.set(id, { ...stored, summary: { ...stored.summary, phase: 'stored' } });
  }

  /** Looks at a capture anew when it is asked for next. */
  invalidate(id: CaptureId): void {
    this.#invalidations += 1;
    this.#cache.delete(id);
  }

  /** Bytes of the file at this moment. Throws a `Refusal` (`storage`). */
  async size(id: CaptureId): Promise<number> {
    return (await refuseStorage('The capture cannot be read', stat(this.path(id)))).size;
  }

  /** Looks at a capture anew; what was known of it is known until then. Null where it is no longer there. */
  async refresh(id: CaptureId): Promise<StoredCapture | null> {
    const before = this.#cache.get(id);
    const invalidations = this.#invalidations;
    const stored = await readStored(id, this.path(id), this.#sidecarPath(id), this.#locks);
    // What was learned or forgotten while this was read is newer.
    if (this.#cache.get(id) !== before || invalidations !== this.#invalidations) return this.get(id);
    if (stored === null) this.invalidate(id);
    else this.#cache.set(id, stored);
    return stored;
  }

  /** Writes down a capture's name, and its summary where the file was read whole. Throws a `Refusal` (`storage`). */
  async write(id: CaptureId, stored: StoredCapture): Promise<void> {
    const { name, summary, size } = stored;
    const content = { name, summary: size === null ? null : { of: summary, size } };
    await refuseStorage('The name cannot be stored', this.#writeSidecar(id, content));
    this.update(id, stored);
  }

  /** Writes down the name and the summary of an open capture, as `write`. */
  async save(session: CaptureSession): Promise<void> {
    const { id, name, phase } = session;
    const size = await this.size(id);
    await this.write(id, { name, summary: session.summary(), size: phase === 'ended' ? size : null });
  }

  /** As `save`, of a capture that was read or recorded whole. It is known from now on, written down or not. Never rejects. */
  async saveQuietly(session: CaptureSession): Promise<void> {
    this.update(session.id, { name: session.name, summary: session.summary(), size: null });
    // What is written down is a cache: where it cannot be, nothing is lost but time.
    await this.save(session).catch(() => {});
  }

  /** Writes down how far a capture is that this process records. Rejects with the file system's error. */
  publish(id: CaptureId, name: string | null, summary: CaptureSummary): Promise<void> {
    // No file is of size 0: the summary counts for nothing once the capture is no longer recorded.
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

/** The captures whose files with a suffix are among some names. */
function idsOf(names: readonly string[], suffix: string): CaptureId[] {
  return names.flatMap((name) => {
    const id = captureId.safeParse(name.endsWith(suffix) ? name.slice(0, -suffix.length) : '');
    return id.success ? [id.data] : [];
  });
}
