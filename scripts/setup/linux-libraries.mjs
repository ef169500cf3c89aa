// @ts-check
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { canInstallPackages, installCommand, installPackages } from './debian.mjs';
import { SetupProblem } from './problem.mjs';

const packages = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libnotify4', 'libsecret-1-0'];

/**
 * Makes sure that Electron's shared libraries are there.
 * @param {import('./electron-runtime.mjs').Electron} electron
 */
export async function linuxLibraries(electron) {
  if (process.platform !== 'linux') return;
  const missing = await missingLibraries(electron.executable);
  if (missing.length === 0) return;
  const list = missing.join(', ');
  if (!canInstallPackages()) {
    throw new SetupProblem(
      `Electron needs libraries that are missing here (${list}): run "${installCommand(packages)}" (or your system's equivalent), then this again.`,
    );
  }
  const failure = await installPackages(packages);
  const still = await missingLibraries(electron.executable);
  if (failure !== null || still.length > 0) {
    throw new SetupProblem(
      `Electron needs libraries that could not be installed (${list}): run "apt-get update && ${installCommand(packages)}" and mend what it complains of.`,
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

/**
 * Arguments for Chromium's sandbox. Root cannot have it; anybody else does not run without it.
 * @param {import('./electron-runtime.mjs').Electron} electron
 * @returns {string[]}
 */
export function sandboxArguments(electron) {
  if (process.platform !== 'linux') return [];
  if (process.getuid?.() === 0) return ['--no-sandbox'];
  const restricted =
    setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    setting('/proc/sys/kernel/unprivileged_userns_clone') === '0';
  if (!restricted) return [];
  const helper = join(electron.folder, 'chrome-sandbox');
  const { uid, mode } = statSync(helper);
  if (uid === 0 && (mode & 0o4000) !== 0) return [];
  throw new SetupProblem(
    `this system restricts user namespaces, so Chromium's sandbox needs its helper: run "sudo chown root ${helper} && sudo chmod 4755 ${helper}", then this again.`,
  );
}

/** @param {string} path */
function setting(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
