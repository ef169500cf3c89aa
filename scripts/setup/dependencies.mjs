// @ts-check
import { existsSync } from 'node:fs';
import { announce } from './announce.mjs';
import { withNode } from './child.mjs';
import { npm } from './npm.mjs';
import { SetupProblem } from './problem.mjs';
import { inProject, readJson } from './project.mjs';

/**
 * Installs the dependencies of the lock file.
 * @param {string} node
 */
export async function installDependencies(node) {
  if (dependenciesMatchLock()) return;
  await announce('Installing dependencies (npm ci)', async () => {
    // No install script is needed: electron-runtime.mjs fetches Electron's binary.
    const { status, output } = await npm(['ci', '--ignore-scripts'], withNode(node));
    if (status !== 0) {
      throw new SetupProblem(
        'npm could not install the dependencies (see above). Check that the npm registry can be reached (npm ping), then run this again.',
        { details: output },
      );
    }
  });
}

/**
 * Whether every package of the lock file is installed in its version. Compares with the copy of the lock file that npm
 * keeps in node_modules: this takes milliseconds, `npm ls` a second.
 */
function dependenciesMatchLock() {
  const wanted = readJson(inProject('package-lock.json'))?.packages;
  const installed = readJson(inProject('node_modules', '.package-lock.json'))?.packages;
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    // Optional packages may be for other platforms.
    if (found === undefined) return entry.optional === true || entry.peer === true;
    return found.version === entry.version && existsSync(inProject(path));
  });
}
