import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CaptureId } from '../../../src/contract/capture-id.ts';
import type { CaptureHeader, CaptureRecord } from '../../../src/core/capture/record.ts';
import {
  CaptureLibrary,
  type CreateOptions,
  type LibraryOptions,
} from '../../../src/main/captures/library.ts';

/** A folder of the test's own, gone with it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'captures-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A library in a folder, closed with the test. */
export async function openLibrary(folder: string, options: LibraryOptions = {}): Promise<CaptureLibrary> {
  const library = await CaptureLibrary.open(folder, options);
  onTestFinished(() => library.close());
  return library;
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Settles when `done` holds, which is asked again after each change of the library. */
export function until(library: CaptureLibrary, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = library.onChange(() => check());
    const check = (): void => {
      if (!done()) return;
      stop();
      resolve();
    };
    check();
  });
}

/** Records a capture as an import does; it is whole on disk when this resolves. */
export async function importRecords(
  library: CaptureLibrary,
  header: CaptureHeader,
  records: Iterable<CaptureRecord>,
  options: CreateOptions = { origin: 'file', keepSecrets: false },
): Promise<CaptureId> {
  const live = await library.create(header, options);
  for (const record of records) await live.sink(record);
  await live.close();
  return live.id;
}
