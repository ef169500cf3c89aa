import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it that are absent. Throws the file system's error. Not `mkdir` with `recursive`, which
 * never comes back where a folder can neither be found nor made (`/proc/nowhere/x`, on Node 26).
 *
 * @param mode permissions of the folders that are made
 */
export function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
      throw error;
    }
    if (dirname(path) === path) throw error;
    makeFolder(dirname(path), mode);
    makeFound(path, mode);
  }
}

/** Makes a folder whose parent is there, unless another process was quicker. */
function makeFound(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
