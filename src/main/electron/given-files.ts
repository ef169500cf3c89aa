import { resolve } from 'node:path';
import { z } from 'zod';

/** What a second instance passes to the running one. */
export const secondStart = z.object({ files: z.array(z.string()).max(1000) });

/**
 * Absolute paths of the files given on the command line.
 * @param argv including the executable
 * @param packaged false if the first argument is the application's folder
 * @param folder to resolve relative paths
 */
export function givenFiles(argv: readonly string[], packaged: boolean, folder: string): string[] {
  const operands = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  return operands.slice(packaged ? 0 : 1).map((path) => resolve(folder, path));
}
