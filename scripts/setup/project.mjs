// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Absolute path of something in the project. @param {string[]} parts */
export const inProject = (...parts) => join(root, ...parts);

/** What set-up fetches and the repository ignores: a newer Node, the npm-hosted Electron. @param {string[]} parts */
export const inTools = (...parts) => join(root, '.tools', ...parts);

/**
 * A JSON file, or null where it is missing or broken.
 * @param {string} path
 * @returns {any}
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
