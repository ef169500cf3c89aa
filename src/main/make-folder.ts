import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it that are absent. Rejects with the file system's error. Not `mkdir` with `recursive`,
 * which never comes back where a folder can neither be found nor made (`/proc/nowhere/x`, on Node 26).
 *
 * @param mode permissions of the folders that are made
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isThere = code !== 'ENOENT' && (await stat(path).catch(() => null))?.isDirectory() === true;
    if (isThere) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path), mode);
    await mkdir(path, { mode }).catch((again: NodeJS.ErrnoException) => {
      // Somebody else was quicker.
      if (again.code !== 'EEXIST') throw again;
    });
  }
}
