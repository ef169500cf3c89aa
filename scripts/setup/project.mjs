// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** An absolute path in the project. @param {string[]} parts */
export const inProject = (...parts) => join(root, ...parts);

/** An absolute path in `.tools`, where set-up puts a newer Node and Electron. Git ignores it. @param {string[]} parts */
export const inTools = (...parts) => join(root, '.tools', ...parts);

/**
 * Reads a JSON file; null if it is missing or invalid.
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
