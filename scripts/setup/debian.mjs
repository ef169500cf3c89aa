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

/** Whether packages can be installed here without asking anybody. */
export function canInstallPackages() {
  return process.platform === 'linux' && process.getuid?.() === 0 && hasProgram('apt-get');
}

/** The one command that a person would run. @param {readonly string[]} packages */
export function installCommand(packages) {
  return `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/**
 * Installs what is missing of the packages, as root on Debian or Ubuntu.
 * @param {readonly string[]} packages
 * @returns {Promise<string | null>} What apt-get said where it failed, else null.
 */
export async function installPackages(packages) {
  return announce(`Installing from Debian: ${packages.join(' ')}`, async () => {
    // Without a run level no service is started by its package: tests start their own.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const install = async () =>
      run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...(await asNamedHere(packages))], {
        env,
      });
    const first = await install();
    if (first.status === 0) return null;
    // The usual reason is a package list that is missing or older than the archive.
    const update = await run('apt-get', ['update', '-q'], { env });
    const second = await install();
    return second.status === 0 ? null : `${update.status === 0 ? '' : update.output}${second.output}`;
  });
}

/** Newer releases (64-bit time) call libgtk-3-0 libgtk-3-0t64. @param {readonly string[]} packages */
async function asNamedHere(packages) {
  const names = [];
  for (const name of packages) {
    const renamed = `${name}t64`;
    const known = await run('apt-cache', ['policy', renamed]);
    names.push(/Candidate: (?!\(none\))/.test(known.output) ? renamed : name);
  }
  return names;
}
