// @ts-check
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { SetupProblem } from './problem.mjs';

/**
 * Electron's arguments for Chromium's sandbox. It is off only for root, who cannot use it.
 * @param {import('./electron-runtime.mjs').Electron} electron
 * @returns {Promise<string[]>}
 */
export async function sandboxArguments(electron) {
  if (process.platform !== 'linux') return [];
  if (process.getuid?.() === 0) return ['--no-sandbox'];
  if (await canMakeUserNamespace()) return [];
  const helper = join(electron.folder, 'chrome-sandbox');
  const { uid, mode } = statSync(helper);
  if (uid === 0 && (mode & 0o4000) !== 0) return [];
  throw new SetupProblem(
    `This system restricts user namespaces, so Chromium's sandbox needs its helper. Run "sudo chown root ${helper} && ` +
      `sudo chmod 4755 ${helper}", then this again.`,
  );
}

/** Tries it, because kernels and distributions restrict it in different ways. Without `unshare` Chromium reports it. */
async function canMakeUserNamespace() {
  const { status } = await run('unshare', ['--user', '--map-root-user', 'true']);
  return status === 0 || status === 127;
}
