import { stat } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { GrowthLook } from './growth.ts';
import type { RecordingLocks } from './recording-locks.ts';
import type { StoredCaptures } from './stored-captures.ts';

/** Takes what other processes did in the folder. */
export interface FolderListener {
  /** A new capture. */
  readonly appeared: (id: CaptureId) => void;
  /** The state of a capture that another process records, or recorded until now. */
  readonly looked: (id: CaptureId, look: GrowthLook) => Promise<void>;
  /** A capture's file is no longer there. */
  readonly gone: (id: CaptureId) => Promise<void>;
  /** The captures that this process records. */
  readonly recordedHere: () => Iterable<CaptureId>;
  /** The folder was checked. */
  readonly over: () => void;
}

/**
 * Polls the folder, which other processes may use too. It does not rely on notifications of the system: network file systems
 * do not report changes by other machines.
 */
export class FolderWatch {
  readonly #stored: StoredCaptures;
  readonly #locks: RecordingLocks;
  readonly #listener: FolderListener;
  readonly #every: number;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #isOver = false;

  /** @param every ms between polls */
  constructor(stored: StoredCaptures, locks: RecordingLocks, listener: FolderListener, every: number) {
    this.#stored = stored;
    this.#locks = locks;
    this.#listener = listener;
    this.#every = every;
  }

  /** Starts polling. Does not keep the process alive. */
  start(): void {
    if (this.#isOver) return;
    this.#timer ??= setTimeout(() => {
      this.#looking = this.#look()
        // The folder may be readable at the next poll. `list` reports the error.
        .catch(() => {})
        .finally(() => {
          this.#listener.over();
          this.#timer = null;
          this.start();
        });
    }, this.#every).unref();
  }

  /** Stops. The listener is not called once this settles. */
  async stop(): Promise<void> {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { cached } = this.#stored;
    // Before the folder is read: a capture that begins during the read is not missing.
    const expected = new Set([...cached.keys(), ...this.#listener.recordedHere()]);
    const there = await this.#stored.ids();
    for (const id of expected) {
      if (there.has(id) || this.#isOver) continue;
      // The directory listing may be out of date.
      const isGone = await stat(this.#stored.path(id)).then(
        () => false,
        ({ code }: NodeJS.ErrnoException) => code === 'ENOENT',
      );
      if (isGone) await this.#listener.gone(id);
    }
    const here = new Set(this.#listener.recordedHere());
    for (const id of there) {
      if (this.#isOver) return;
      const stored = cached.get(id);
      if (here.has(id)) continue;
      if (stored === undefined) {
        const isNew = await this.#stored.read(id).then(
          () => true,
          () => false,
        );
        if (isNew) this.#listener.appeared(id);
      } else if (stored.summary.recordedElsewhere) {
        // Before the size is read: if it is no longer recorded, the size is final.
        const isRecorded = await this.#locks.isHeldElsewhere(id);
        const size = await this.#stored.size(id).catch(() => null);
        if (size !== null) await this.#listener.looked(id, { size, isRecorded });
      }
    }
  }
}
