// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { announce } from './announce.mjs';
import { run } from './child.mjs';

/** Whether a program is in the PATH. @param {string} name */
export function hasProgram(name) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, name)));
}

/** Whether packages can be installed without asking the user. */
export function canInstallPackages() {
  return process.platform === 'linux' && process.getuid?.() === 0 && hasProgram('apt-get');
}

/** The command that the user can run. @param {readonly string[]} packages */
export function installCommand(packages) {
  return `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/**
 * Installs missing packages, as root on Debian or Ubuntu.
 * @param {readonly string[]} packages
 * @returns {Promise<string | null>} The output of apt-get if it failed, else null.
 */
export async function installPackages(packages) {
  return announce(`Installing from Debian: ${packages.join(' ')}`, async () => {
    // With this run level packages do not start their services: tests start their own.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const install = async () =>
      run(
        'apt-get',
        ['install', '-y', '-q', '--no-install-recommends', ...(await withReleaseNames(packages))],
        {
          env,
        },
      );
    const first = await install();
    if (first.status === 0) return null;
    // Usually the package list is missing or outdated.
    const update = await run('apt-get', ['update', '-q'], { env });
    const second = await install();
    return second.status === 0 ? null : `${update.status === 0 ? '' : update.output}${second.output}`;
  });
}

/** Newer releases renamed libgtk-3-0 to libgtk-3-0t64 (64-bit time), and others like it. @param {readonly string[]} packages */
async function withReleaseNames(packages) {
  const names = [];
  for (const name of packages) {
    const renamed = `${name}t64`;
    const known = await run('apt-cache', ['policy', renamed]);
    names.push(/Candidate: (?!\(none\))/.test(known.output) ? renamed : name);
  }
  return names;
}
