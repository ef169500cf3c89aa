import { rename, rm, writeFile } from 'node:fs/promises';

/** Where a process writes before the file is whole. A process that is killed leaves it behind. */
export function partialPath(path: string, pid: number): string {
  return `${path}.${pid}.part`;
}

/**
 * Writes a small text file that only its owner may read. The file is written whole or not at all. Its folder has to exist.
 * Rejects with the file system's error.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const temporary = partialPath(path, process.pid);
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
