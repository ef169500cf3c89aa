import { rm } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { CaptureHeader } from '../../core/capture/record.ts';
import { redactHeader } from '../../core/capture/redact.ts';
import { refuseStorage } from './capture-refusals.ts';
import type { AppendFile } from './capture-writer.ts';
import { LiveCapture } from './live-capture.ts';
import { newCaptureId } from './new-capture-id.ts';
import type { RecordingLocks } from './recording-locks.ts';
import type { CaptureSession } from './capture-session.ts';
import type { StoredCaptures } from './stored-captures.ts';

/** Characters of a name: an imported name may have any length. */
const mostName = 200;

export interface CreateOptions {
  readonly origin: CaptureSummary['origin'];
  /** Store secrets instead of redacting them. */
  readonly keepSecrets: boolean;
}

export interface RecordingsOptions {
  /** Opens the file that a new capture is appended to; tests give one that fails. */
  readonly createFile?: ((path: string) => Promise<AppendFile>) | undefined;
  /** As in `LiveCaptureOptions`. */
  readonly retryAfter?: number | undefined;
  /** Called when there is more of a capture to show. */
  readonly changed: (id: CaptureId) => void;
  /** Called when a capture has ended and is no longer in the list. Its lock is released when this settles. Never rejects. */
  readonly finished: (session: CaptureSession) => Promise<unknown>;
}

/** The captures that this process records at this moment, each with its lock. */
export class Recordings {
  readonly #stored: StoredCaptures;
  readonly #locks: RecordingLocks;
  readonly #options: RecordingsOptions;
  readonly #live = new Map<CaptureId, LiveCapture>();
  readonly #finishing = new Map<CaptureId, Promise<unknown>>();
  /** Changed since their summaries were last written for other processes. */
  readonly #unpublished = new Set<CaptureId>();

  constructor(stored: StoredCaptures, locks: RecordingLocks, options: RecordingsOptions) {
    this.#stored = stored;
    this.#locks = locks;
    this.#options = options;
  }

  get(id: CaptureId): LiveCapture | undefined {
    return this.#live.get(id);
  }

  ids(): Iterable<CaptureId> {
    return this.#live.keys();
  }

  /** Begins a capture. Throws a `Refusal` (`storage`) and then leaves no file behind. */
  async create(header: CaptureHeader, { origin, keepSecrets }: CreateOptions): Promise<LiveCapture> {
    const id = newCaptureId(new Date());
    const path = this.#stored.path(id);
    // Before the file exists, so that no process sees the capture without its lock.
    const unlocked = await this.#locks.take(id).then(
      () => null,
      (error: Error) => error,
    );
    const { createFile, retryAfter } = this.#options;
    const live = await refuseStorage(
      'The capture cannot be stored',
      LiveCapture.create(id, path, keepSecrets ? header : redactHeader(header), {
        origin,
        keepSecrets,
        name: header.name?.slice(0, mostName) ?? null,
        onChange: () => this.#changed(id),
        onFinished: () => this.#finished(id),
        createFile,
        retryAfter,
      }).catch(async (error: unknown) => {
        await rm(path, { force: true });
        await this.#locks.release(id);
        throw error;
      }),
    );
    this.#live.set(id, live);
    if (unlocked !== null) {
      const message = `This capture could not be locked (${unlocked.message}). Other windows do not see that it is being recorded.`;
      live.warn({ code: 'not-locked', message });
    }
    this.#changed(id);
    return live;
  }

  /** Settles when a capture that was recorded here is finished and other processes may change it. */
  async settled(id: CaptureId): Promise<void> {
    await this.#finishing.get(id);
  }

  /** Writes the summaries of captures that changed, for other processes. */
  publish(): void {
    for (const id of this.#unpublished) {
      const session = this.#live.get(id)?.session;
      if (session !== undefined) this.#stored.publish(id, session.name, session.summary()).catch(() => {});
    }
    this.#unpublished.clear();
  }

  /** Finishes all recordings. */
  async close(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.close()));
    await Promise.all(this.#finishing.values());
  }

  #changed(id: CaptureId): void {
    this.#unpublished.add(id);
    this.#options.changed(id);
  }

  async #finished(id: CaptureId): Promise<void> {
    const session = this.#live.get(id)?.session;
    if (session === undefined) return;
    this.#live.delete(id);
    // The lock last: a process that sees it gone finds the final summary.
    const finishing = this.#options
      .finished(session)
      .then(() => this.#locks.release(id))
      .finally(() => this.#finishing.delete(id));
    this.#finishing.set(id, finishing);
    await finishing;
  }
}
