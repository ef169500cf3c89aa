import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureFileFormat } from '../../core/import/file-format.ts';
import { refuseStorage } from '../captures/capture-refusals.ts';

interface Upload {
  readonly folder: string;
  readonly path: string;
  readonly fileName: string;
  readonly size: number;
  readonly format: CaptureFileFormat | undefined;
  readonly handle: FileHandle;
  received: number;
  /** Appends run one after the other, in order. */
  tail: Promise<void>;
  /** Cancels the upload if no more bytes come. */
  readonly idle: NodeJS.Timeout;
}

/** Most open uploads. */
const MAX_UPLOADS = 16;
/** ms without bytes after which an upload is cancelled, because its page is gone. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Files that the user gave to the page (dialog or drop), sent in pieces to a temporary file of this user. The page
 * never sees a path.
 */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();
  readonly #patience: number;
  #beginning = 0;

  constructor(patience = PATIENCE_MS) {
    this.#patience = patience;
  }

  /** Open uploads. */
  get open(): number {
    return this.#uploads.size + this.#beginning;
  }

  async begin(fileName: string, size: number, format?: CaptureFileFormat): Promise<string> {
    if (this.open >= MAX_UPLOADS) throw new Refusal('busy', 'Too many files are being opened at once.');
    this.#beginning += 1;
    try {
      const { folder, path, handle } = await refuseStorage(noRoom, openTemporary());
      const id = randomBytes(16).toString('base64url');
      const idle = setTimeout(() => void this.cancel(id), this.#patience).unref();
      this.#uploads.set(id, {
        folder,
        path,
        fileName,
        size,
        format,
        handle,
        received: 0,
        tail: Promise.resolve(),
        idle,
      });
      return id;
    } finally {
      this.#beginning -= 1;
    }
  }

  append(id: string, base64: string): Promise<void> {
    const upload = this.#get(id);
    const bytes = Buffer.from(base64, 'base64');
    upload.received += bytes.length;
    if (upload.received > upload.size)
      throw new Refusal('bad-file', 'The file grew while it was read. Open it again.');
    upload.idle.refresh();
    upload.tail = upload.tail.then(() => refuseStorage(noRoom, upload.handle.writeFile(bytes)));
    return upload.tail;
  }

  /** Passes the complete file to `read` and removes it afterwards. */
  async finish<T>(
    id: string,
    read: (path: string, fileName: string, format: CaptureFileFormat | undefined) => Promise<T>,
  ): Promise<T> {
    const upload = this.#get(id);
    // Reading it may take a while.
    clearTimeout(upload.idle);
    try {
      await upload.tail;
      if (upload.received !== upload.size) {
        throw new Refusal('bad-file', `Only ${upload.received} of ${upload.size} bytes of the file arrived.`);
      }
      await upload.handle.close();
      return await read(upload.path, upload.fileName, upload.format);
    } finally {
      await this.cancel(id);
    }
  }

  async cancel(id: string): Promise<void> {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return;
    this.#uploads.delete(id);
    clearTimeout(upload.idle);
    await upload.tail.catch(() => undefined);
    await upload.handle.close().catch(() => undefined);
    await rm(upload.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#uploads.keys()].map((id) => this.cancel(id)));
  }

  #get(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload === undefined) throw new Refusal('bad-file', 'This file is no longer being opened.');
    return upload;
  }
}

const noRoom = 'The file cannot be put where it is read from';

async function openTemporary(): Promise<Pick<Upload, 'folder' | 'path' | 'handle'>> {
  const folder = await mkdtemp(join(tmpdir(), 'sse-inspector-'));
  const path = join(folder, 'upload');
  return { folder, path, handle: await open(path, 'wx', 0o600) };
}
