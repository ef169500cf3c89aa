// @ts-check
import { run } from './child.mjs';
import { canInstallPackages, installCommand, installPackages } from './debian.mjs';
import { SetupProblem } from './problem.mjs';

const packages = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libnotify4', 'libsecret-1-0'];

/**
 * Installs the shared libraries that Electron needs.
 * @param {import('./electron-runtime.mjs').Electron} electron
 */
export async function linuxLibraries(electron) {
  if (process.platform !== 'linux') return;
  const missing = await missingLibraries(electron.executable);
  if (missing.length === 0) return;
  const list = missing.join(', ');
  if (!canInstallPackages()) {
    throw new SetupProblem(
      `Electron needs libraries that are missing (${list}). Run "${installCommand(packages)}" (or your system's equivalent), then this again.`,
    );
  }
  const failure = await installPackages(packages);
  const still = await missingLibraries(electron.executable);
  if (failure !== null || still.length > 0) {
    throw new SetupProblem(
      `Electron needs libraries that could not be installed (${list}). Run "apt-get update && ${installCommand(packages)}" and fix the errors it reports.`,
      {
        details: failure ?? '',
      },
    );
  }
}

/** @param {string} executable */
async function missingLibraries(executable) {
  const { output } = await run('ldd', [executable]);
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}
