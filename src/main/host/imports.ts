import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CaptureId } from '../../contract/capture-id.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureFileFormat } from '../../core/import/file-format.ts';
import { CaptureFileReader } from '../../core/import/capture-file.ts';
import type { CaptureProblem } from '../../core/capture/capture-problem.ts';
import type { CaptureHeader, CaptureRecord } from '../../core/capture/record.ts';
import type { CaptureLibrary, LiveCapture } from '../captures/library.ts';

/** What was imported from a file. */
export interface ImportedFile {
  readonly captures: readonly CaptureId[];
  /** Problems of a readable file: the first 100. */
  readonly problems: readonly CaptureProblem[];
  /** Number of all problems. */
  readonly problemCount: number;
}

const mostProblems = 100;

/** How a file is imported. */
export interface ImportOptions {
  /** The name that the user knows, if the path is temporary. */
  readonly fileName?: string | undefined;
  /** As `CaptureFileOptions`. */
  readonly format?: CaptureFileFormat | undefined;
}

/**
 * Imports a file of captures in any known format and of any size into the library. Throws a `Refusal` (`bad-file`) if it has
 * no capture.
 */
export async function importCaptureFile(
  library: CaptureLibrary,
  path: string,
  { fileName = basename(path), format }: ImportOptions = {},
): Promise<ImportedFile> {
  const recording = new ImportRecording(library, fileName);
  const problems: CaptureProblem[] = [];
  let problemCount = 0;
  let fatal: CaptureProblem | null = null;
  const problem = (one: CaptureProblem): void => {
    problemCount += 1;
    if (one.fatal) fatal = one;
    if (problems.length < mostProblems) problems.push(one);
  };
  try {
    const info = await stat(path);
    // A pipe or a device may never end.
    if (!info.isFile()) throw new Refusal('bad-file', `${fileName} cannot be read: it is not a file.`);
    const reader = new CaptureFileReader(
      { url: pathToFileURL(`/${fileName}`).href, modifiedAt: info.mtime.toISOString() },
      {
        header: (header) => recording.read.push(header),
        record: (record) => recording.read.push(record),
        problem,
      },
      { format },
    );
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      reader.push(piece as Buffer);
      await recording.store();
      if (fatal !== null) break;
    }
    reader.end();
    await recording.store();
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal('bad-file', `${fileName} cannot be read: ${reasonOf(cause)}.`, { cause });
  } finally {
    await recording.close();
  }
  const { captures, afterEnd } = recording;
  const whyNot = (fatal as CaptureProblem | null)?.message ?? 'it contains no capture.';
  if (captures.length === 0) throw new Refusal('bad-file', `${fileName}: ${whyNot}`);
  if (afterEnd > 0) {
    const message = `${afterEnd} records follow the end of their capture and were left out`;
    problem({ code: 'damaged-line', message, fatal: false, line: null, bytes: null });
  }
  return { captures, problems, problemCount };
}

/** Stores what a reader has read, waiting while the library writes. */
class ImportRecording {
  /** Read, but not stored yet. */
  readonly read: (CaptureHeader | CaptureRecord)[] = [];
  readonly captures: CaptureId[] = [];
  /** Records after the end of their capture, which cannot be stored. */
  afterEnd = 0;
  readonly #library: CaptureLibrary;
  readonly #fileName: string;
  #live: LiveCapture | null = null;

  constructor(library: CaptureLibrary, fileName: string) {
    this.#library = library;
    this.#fileName = fileName;
  }

  async store(): Promise<void> {
    for (const one of this.read.splice(0)) {
      if ('format' in one) await this.#begin(one);
      else if (this.#live?.isEnding === true) this.afterEnd += 1;
      else await this.#live?.sink(one);
    }
  }

  async close(): Promise<void> {
    await this.#live?.close();
    this.#live = null;
  }

  async #begin(header: CaptureHeader): Promise<void> {
    await this.close();
    // A file of a body alone has no request: it is named after the file.
    const isNamed = header.name !== undefined || !header.request.url.startsWith('file:');
    const named = isNamed ? header : { ...header, name: this.#fileName };
    this.#live = await this.#library.create(named, { origin: 'file', keepSecrets: false });
    this.captures.push(this.#live.id);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EACCES: 'this user has no permission to read it',
  EPERM: 'this user has no permission to read it',
  EISDIR: 'it is a folder',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
