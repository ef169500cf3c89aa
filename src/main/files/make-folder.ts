import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and its missing parents. Throws the file system's error. `mkdir` with `recursive` never returns if a
 * folder can neither be found nor made (`/proc/nowhere/x` on Node 26).
 *
 * @param mode permissions of new folders
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

/** Makes a folder whose parent exists. Another process may make it first. */
function makeFound(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
