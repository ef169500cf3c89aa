import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { captureId, type CaptureId } from '../../contract/capture-id.ts';
import { refuseStorage } from './refuse-storage.ts';
import { noSuchCapture } from './no-such-capture.ts';
import { writeSidecar } from './sidecar.ts';
import { readStored, type StoredCapture } from './stored-capture.ts';

/** Captures that are looked at together: each takes a file handle and some 300 KiB while it is. */
const atOnce = 8;

/** The captures of a folder as they are on disk: two files each, and what is known of them without opening one. */
export class StoredCaptures {
  readonly #folder: string;
  readonly #known = new Map<CaptureId, StoredCapture>();
  /** Sidecars are written one after the other, so that the newest stays. */
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file that holds a capture. */
  path(id: CaptureId): string {
    return join(this.#folder, `${id}.capture`);
  }

  /** What is known of a capture already; null for nothing. */
  get(id: CaptureId): StoredCapture | null {
    return this.#known.get(id) ?? null;
  }

  /** All captures that are there now, in no order; what is none is left out. Throws a `Refusal` where the folder cannot be read. */
  async list(): Promise<CaptureId[]> {
    const names = await refuseStorage('The folder for captures cannot be read', readdir(this.#folder));
    const ids = names.flatMap((name) => {
      const id = captureId.safeParse(name.endsWith('.capture') ? name.slice(0, -'.capture'.length) : '');
      return id.success ? [id.data] : [];
    });
    const there = new Set(ids);
    for (const id of this.#known.keys()) if (!there.has(id)) this.#known.delete(id);
    const left = ids.values();
    const lookAt = async (): Promise<void> => {
      for (const id of left) await this.know(id).catch(() => there.delete(id));
    };
    await Promise.all(Array.from({ length: atOnce }, lookAt));
    return [...there];
  }

  /** What is known of a capture. Throws a `Refusal` (`no-such-capture`) where there is none. */
  async know(id: CaptureId): Promise<StoredCapture> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (!captureId.safeParse(id).success) throw noSuchCapture();
    const stored = await readStored(id, this.path(id), this.#sidecarPath(id));
    if (stored === null) throw noSuchCapture();
    this.#known.set(id, stored);
    return stored;
  }

  /** Looks at a capture anew when it is asked for next. */
  forget(id: CaptureId): void {
    this.#known.delete(id);
  }

  /** Bytes of the file at this moment. Throws a `Refusal` (`storage`). */
  async size(id: CaptureId): Promise<number> {
    return (await refuseStorage('The capture cannot be read', stat(this.path(id)))).size;
  }

  /** Writes down a capture's name, and its summary where the file was read whole. Throws a `Refusal` (`storage`). */
  async write(id: CaptureId, stored: StoredCapture): Promise<void> {
    const { name, summary, size } = stored;
    const content = { name, summary: size === null ? null : { of: summary, size } };
    const writing = this.#writing.then(() => writeSidecar(this.#sidecarPath(id), content));
    this.#writing = writing.catch(() => {});
    await refuseStorage('The name cannot be stored', writing);
    if (this.#known.has(id)) this.#known.set(id, stored);
  }

  /** Deletes a capture's files. Throws a `Refusal` (`storage`). */
  async remove(id: CaptureId): Promise<void> {
    await refuseStorage('The capture cannot be deleted', rm(this.path(id), { force: true }));
    const removing = this.#writing.then(() => rm(this.#sidecarPath(id), { force: true }));
    this.#writing = removing.catch(() => {});
    await refuseStorage('The capture cannot be deleted', removing);
    this.#known.delete(id);
  }

  #sidecarPath(id: CaptureId): string {
    return join(this.#folder, `${id}.json`);
  }
}
