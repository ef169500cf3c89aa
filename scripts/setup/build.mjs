// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { announce } from './announce.mjs';
import { commandOf, run, withNode } from './child.mjs';
import { SetupProblem } from './problem.mjs';
import { inProject, root } from './project.mjs';

const stamp = inProject('out', '.built-from');
const results = ['main/index.js', 'main/cli.js', 'preload/index.cjs', 'renderer/index.html'];

/**
 * Builds the application into `out/` if a source has changed since the last build.
 * @param {string} node
 */
export async function build(node) {
  const fingerprint = await fingerprintOfSources();
  if (isBuiltFrom(fingerprint)) return;
  await announce('Building', async () => {
    // A failed build must not count as the previous one.
    await rm(stamp, { force: true });
    const script = commandOf('electron-vite');
    const { status, output } = await run(node, [script, 'build'], {
      env: withNode(node, { NODE_ENV: 'production' }),
    });
    const missing = results.filter((path) => !existsSync(inProject('out', path)));
    if (status !== 0 || missing.length > 0) {
      const why = status === 0 ? `it did not make ${missing.join(', ')}` : 'see above';
      throw new SetupProblem(`The build failed (${why}). Fix the source, then run this again.`, {
        details: output,
      });
    }
    await writeFile(stamp, fingerprint);
  });
}

/** @param {string} fingerprint */
function isBuiltFrom(fingerprint) {
  if (!results.every((path) => existsSync(inProject('out', path)))) return false;
  try {
    return readFileSync(stamp, 'utf8') === fingerprint;
  } catch {
    return false;
  }
}

/** Hashes contents, not times: switching branches back and forth needs no new build. */
async function fingerprintOfSources() {
  const hash = createHash('sha256');
  const paths = ['package.json', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.base.json'];
  for (const folder of ['src', 'resources']) {
    if (!existsSync(inProject(folder))) continue;
    const entries = await readdir(inProject(folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isFile()) paths.push(join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));
    }
  }
  for (const path of paths.sort()) {
    hash
      .update(`${path}\0`)
      .update(await readFile(inProject(path)))
      .update('\0');
  }
  return hash.digest('hex');
}
