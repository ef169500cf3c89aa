import { resolve } from 'node:path';
import { z } from 'zod';

/** What a second start hands to the instance that already runs. */
export const secondStart = z.object({ files: z.array(z.string()).max(1000) });

/**
 * Files given on the command line, absolute.
 * @param argv the whole of it, the executable first
 * @param packaged false where Electron was given the application's folder, which then comes first
 * @param folder that relative paths are meant in
 */
export function givenFiles(argv: readonly string[], packaged: boolean, folder: string): string[] {
  const operands = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  return operands.slice(packaged ? 0 : 1).map((path) => resolve(folder, path));
}
