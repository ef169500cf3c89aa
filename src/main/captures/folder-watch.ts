import { stat } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { GrowthLook } from './growth.ts';
import type { RecordingLocks } from './recording-locks.ts';
import type { StoredCaptures } from './stored-captures.ts';

/** What other processes did in the folder. */
export interface FolderListener {
  /** A capture that was not known before. */
  readonly appeared: (id: CaptureId) => void;
  /** A look at a capture that another process records, or recorded at the last look. */
  readonly looked: (id: CaptureId, look: GrowthLook) => Promise<void>;
  /** A capture's file is no longer there. */
  readonly gone: (id: CaptureId) => Promise<void>;
  /** The captures that this process records. */
  readonly recordedHere: () => Iterable<CaptureId>;
  /** A look is over. */
  readonly over: () => void;
}

/**
 * Looks at the folder again and again, as other processes may use it too. It asks, and does not wait to be told by the
 * system: network file systems tell nothing of what another machine does.
 */
export class FolderWatch {
  readonly #stored: StoredCaptures;
  readonly #locks: RecordingLocks;
  readonly #listener: FolderListener;
  readonly #every: number;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #isOver = false;

  /** @param every ms between looks */
  constructor(stored: StoredCaptures, locks: RecordingLocks, listener: FolderListener, every: number) {
    this.#stored = stored;
    this.#locks = locks;
    this.#listener = listener;
    this.#every = every;
  }

  /** Begins to look, unless it has begun. It does not keep the process alive. */
  start(): void {
    if (this.#isOver) return;
    this.#timer ??= setTimeout(() => {
      this.#looking = this.#look()
        // A folder that cannot be read now may be readable at the next look; whoever lists it is told.
        .catch(() => {})
        .finally(() => {
          this.#listener.over();
          this.#timer = null;
          this.start();
        });
    }, this.#every).unref();
  }

  /** Stops; nothing is told any more once this settles. */
  async stop(): Promise<void> {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { cached } = this.#stored;
    // Before the folder is read: what begins meanwhile is not missing.
    const expected = new Set([...cached.keys(), ...this.#listener.recordedHere()]);
    const there = await this.#stored.ids();
    for (const id of expected) {
      if (there.has(id) || this.#isOver) continue;
      // A file system that is slow to tell may have left it out.
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
        // Asked first: where it is recorded no longer, the size is final.
        const isRecorded = await this.#locks.isHeldElsewhere(id);
        const size = await this.#stored.size(id).catch(() => null);
        if (size !== null) await this.#listener.looked(id, { size, isRecorded });
      }
    }
  }
}
