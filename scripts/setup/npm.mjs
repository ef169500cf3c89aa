// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from './child.mjs';
import { SetupProblem } from './problem.mjs';
import { inTools } from './project.mjs';

/**
 * Runs npm: the one that started this script, if any. Its warnings are hidden, because set-up handles their causes (such
 * as an old engine).
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function npm(args, env = process.env) {
  const script = process.env['npm_execpath'];
  const all = [...args, '--loglevel=error', '--no-audit', '--no-fund'];
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script) && existsSync(script)) {
    return run(process.execPath, [script, ...all], { env });
  }
  return process.platform === 'win32'
    ? run('cmd.exe', ['/d', '/c', 'npm', ...all], { env })
    : run('npm', all, { env });
}

/**
 * Fetches a package's archive with npm, checks its pinned integrity, and unpacks it with file modes. The folder is
 * created complete or not at all.
 * @param {{ name: string, version: string, integrity: string }} wanted `integrity` as in a lock file: sha512-….
 * @param {string} folder Replaced if it exists.
 */
export async function fetchPackage(wanted, folder) {
  const spec = `${wanted.name}@${wanted.version}`;
  await mkdir(inTools(), { recursive: true });
  const work = await mkdtemp(inTools('fetch-'));
  try {
    const packed = await npm(['pack', spec, '--ignore-scripts', `--pack-destination=${work}`]);
    const archive = (await readdir(work)).find((name) => name.endsWith('.tgz'));
    if (packed.status !== 0 || archive === undefined) {
      throw new SetupProblem(
        `npm could not fetch ${spec}. Check that the npm registry can be reached (npm ping), then run this again.`,
        { details: packed.output },
      );
    }
    const found = await integrityOf(join(work, archive));
    if (found !== wanted.integrity) {
      throw new SetupProblem(
        `The archive of ${spec} from npm has the wrong integrity (${found} instead of ${wanted.integrity}) and was not used. ` +
          "Clear npm's cache (npm cache clean --force) and check its registry setting.",
      );
    }
    const unpacked = join(work, 'unpacked');
    await mkdir(unpacked);
    const tar = await run('tar', ['-xzf', archive, '-C', 'unpacked', '--strip-components=1'], { cwd: work });
    if (tar.status !== 0) {
      throw new SetupProblem(
        `${spec} could not be unpacked. Check that "tar" is installed and the disk is not full.`,
        {
          details: tar.output,
        },
      );
    }
    await mkdir(dirname(folder), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(unpacked, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A file's integrity, as in a lock file. @param {string} path */
async function integrityOf(path) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest('base64')}`;
}
