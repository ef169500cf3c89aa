import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a small text file that only its owner may read: whole or not at all, whenever the process ends. The folder has to
 * exist. Rejects with the file system's error.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
