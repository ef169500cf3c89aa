import { open } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import { CaptureFile } from './capture-file.ts';
import { loadSession } from './load-session.ts';
import { CaptureSession } from './session.ts';
import { standInHeader } from './stored-capture.ts';

/** A capture that was read from disk, or is being read. */
interface Opened {
  readonly session: CaptureSession;
  /** Settles when it is read whole, or nobody wants it any more. Never rejects. */
  readonly whole: Promise<void>;
  /** Bytes of the file that are read; null where it was recorded here. */
  readonly size: number | null;
}

/** What is to be told of a capture that is read. */
export interface OpenListener {
  /** There is more of it to show. */
  readonly changed: (id: CaptureId) => void;
  /** It was read whole from a file of so many bytes. */
  readonly whole: (session: CaptureSession, size: number) => Promise<void>;
  /** It was closed. */
  readonly closed: (id: CaptureId) => Promise<void>;
}

/** The sessions of captures that are not being recorded: opened when asked for, closed when not asked for any more. */
export class OpenCaptures {
  readonly #most: number;
  readonly #listener: OpenListener;
  /** In the order of use, the last used last. */
  readonly #opened = new Map<CaptureId, Opened>();
  readonly #opening = new Map<CaptureId, Promise<Opened>>();
  /** Sessions that close when their questions are answered. */
  readonly #retiring = new Map<CaptureSession, Promise<void>>();

  /** @param most sessions that stay open */
  constructor(most: number, listener: OpenListener) {
    this.#most = most;
    this.#listener = listener;
  }

  /** The session of a capture if it is open. */
  get(id: CaptureId): CaptureSession | null {
    return this.#opened.get(id)?.session ?? null;
  }

  /** Bytes of the file that an open capture is read from; null where it is not open, or was recorded here. */
  sizeOf(id: CaptureId): number | null {
    return this.#opened.get(id)?.size ?? null;
  }

  /** Takes a session over whose capture was recorded just now. */
  async adopt(session: CaptureSession): Promise<void> {
    this.#opened.set(session.id, { session, whole: Promise.resolve(), size: null });
    await this.#trim();
  }

  /** The session of a capture; it is opened with the given name if it is not. Rejects with the file system's error. */
  async open(id: CaptureId, path: string, name: string | null): Promise<Opened> {
    const opened = this.#opened.get(id);
    if (opened !== undefined) {
      this.#opened.delete(id);
      this.#opened.set(id, opened);
      return opened;
    }
    let opening = this.#opening.get(id);
    if (opening === undefined) {
      opening = this.#read(id, path, name).finally(() => this.#opening.delete(id));
      this.#opening.set(id, opening);
    }
    const result = await opening;
    await this.#trim();
    return result;
  }

  /** Closes a capture if it is open; what was being read of it is given up. */
  async close(id: CaptureId): Promise<void> {
    // One that is only just being opened is opened first: somebody waits for it.
    await this.#opening.get(id)?.catch(() => {});
    const opened = this.#opened.get(id);
    if (opened === undefined) return;
    this.#opened.delete(id);
    await opened.session.close();
    await opened.whole;
    await this.#listener.closed(id);
  }

  async closeAll(): Promise<void> {
    const ids = new Set([...this.#opening.keys(), ...this.#opened.keys()]);
    await Promise.all([...ids].map((id) => this.close(id)));
    await Promise.all([...this.#retiring].map(([session, retired]) => [session.close(), retired]).flat());
  }

  async #read(id: CaptureId, path: string, name: string | null): Promise<Opened> {
    const handle = await open(path, 'r');
    let file: CaptureFile;
    try {
      file = await CaptureFile.begin(handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
    const { header, origin } = file.header ?? { header: standInHeader(id), origin: 'file' as const };
    const session = new CaptureSession(id, header, origin, name, handle, file.start);
    const opened = { session, whole: this.#load(session, file), size: file.size };
    this.#opened.set(id, opened);
    return opened;
  }

  async #load(session: CaptureSession, file: CaptureFile): Promise<void> {
    const isWanted = (): boolean => this.#opened.get(session.id)?.session === session;
    // Whoever asked for the session has it first.
    await Promise.resolve();
    try {
      const whole = await loadSession(session, file, isWanted, () => this.#listener.changed(session.id));
      if (whole) await this.#listener.whole(session, file.size);
    } catch (error) {
      if (!isWanted()) return;
      session.phase = 'ended';
      const message = `The capture cannot be shown from here on: ${String(error)}`;
      const code = (error as NodeJS.ErrnoException).code === undefined ? 'internal' : 'storage-failed';
      session.fileWarnings = [{ code, message }];
      this.#listener.changed(session.id);
    }
  }

  /** Closes what is open beyond the number that may be; what is being answered is answered first. */
  async #trim(): Promise<void> {
    const spare = [...this.#opened].slice(0, -this.#most);
    for (const [id, { session, whole }] of spare) {
      this.#opened.delete(id);
      const retired = session
        .retire()
        .catch(() => {})
        .then(() => whole)
        .finally(() => this.#retiring.delete(session));
      this.#retiring.set(session, retired);
    }
    for (const [id] of spare) await this.#listener.closed(id);
  }
}
