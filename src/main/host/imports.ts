import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CaptureId } from '../../contract/capture-id.ts';
import { Refusal } from '../../contract/refusal.ts';
import { CaptureFileReader } from '../../core/capture/capture-file.ts';
import type { CaptureProblem } from '../../core/capture/capture-problem.ts';
import type { CaptureLibrary } from '../captures/library.ts';
import type { RecordSink } from '../client/stream-client.ts';

/** What a file held. */
export interface ImportedFile {
  readonly captures: readonly CaptureId[];
  /** What was wrong with it although it could be read. */
  readonly problems: readonly CaptureProblem[];
}

/**
 * Reads a file of captures, in any format that is known, into the library; in pieces, however large it is. Throws a
 * `Refusal` (`bad-file`) where nothing could be read.
 *
 * @param fileName as the user knows it, where `path` is a temporary one
 */
export async function importCaptureFile(
  library: CaptureLibrary,
  path: string,
  fileName = basename(path),
): Promise<ImportedFile> {
  const captures: CaptureId[] = [];
  const problems: CaptureProblem[] = [];
  let sink: RecordSink | null = null;
  // Settles when the store has room again: the file is read no faster than it is written.
  let written: Promise<void> | undefined;
  try {
    const { mtime } = await stat(path);
    const reader = new CaptureFileReader(
      { url: pathToFileURL(`/${fileName}`).href, modifiedAt: mtime.toISOString() },
      {
        header: (header) => {
          const named = header.name === undefined && header.request.url.startsWith('file:');
          const begun = library.create(named ? { ...header, name: fileName } : header, { origin: 'file' });
          captures.push(begun.id);
          sink = begun.sink;
        },
        record: (record) => {
          written = sink?.(record) ?? written;
        },
        problem: (problem) => problems.push(problem),
      },
    );
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      reader.push(piece as Buffer);
      await written;
    }
    reader.end();
    await written;
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal('bad-file', `${fileName} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
  for (const id of captures) await library.finish(id);
  const fatal = problems.find((problem) => problem.fatal);
  if (captures.length === 0)
    throw new Refusal('bad-file', `${fileName}: ${fatal?.message ?? 'it holds no capture.'}`);
  return { captures, problems };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read by this user',
  EPERM: 'it may not be read by this user',
  EISDIR: 'it is a folder',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
