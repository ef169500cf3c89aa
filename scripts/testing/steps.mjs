// @ts-check
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { build } from '../setup/build.mjs';
import { commandOf, run, withNode } from '../setup/child.mjs';
import { hasProgram } from '../setup/debian.mjs';
import { hasDisplay } from '../setup/display.mjs';
import { electronRuntime } from '../setup/electron-runtime.mjs';
import { linuxLibraries } from '../setup/linux-libraries.mjs';
import { SetupProblem } from '../setup/problem.mjs';
import { inProject, readJson } from '../setup/project.mjs';

/** @typedef {import('./vitest-tally.mjs').Tally} Tally */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {(node: string, filters: readonly string[]) => Promise<Tally | null>} run Throws a `SetupProblem` if the
 *   whole step fails. Resolves to a tally if it ran tests.
 */

/** What `npm test` does, in order. @type {readonly Step[]} */
export const steps = [
  {
    name: 'format',
    run: (node) =>
      tool(node, 'The format check', '@biomejs/biome', 'biome', ['check', '.'], 'run "npm run format"'),
  },
  {
    name: 'lint',
    run: (node) => tool(node, 'The lint', 'oxlint', 'oxlint', [], 'fix the errors it reports'),
  },
  {
    name: 'types',
    run: (node) =>
      tool(node, 'The type check', 'typescript', 'tsc', ['--build'], 'fix the errors it reports'),
  },
  { name: 'build', run: async (node) => (await build(node), null) },
  { name: 'unit', run: runVitest },
  { name: 'e2e', run: runPlaywright },
];

/**
 * @param {string} node
 * @param {string} what
 * @param {string} dependency
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} advice
 */
async function tool(node, what, dependency, command, args, advice) {
  const { status } = await run(node, [commandOf(dependency, command), ...args], {
    env: withNode(node),
    show: true,
  });
  if (status !== 0) throw new SetupProblem(`${what} failed: ${advice}.`);
  return null;
}

/** @param {string} node @param {readonly string[]} filters */
async function runVitest(node, filters) {
  return tallied('unit', (env) =>
    run(node, [commandOf('vitest'), 'run', ...reporters('default', 'vitest-tally.mjs'), ...filters], {
      env: withNode(node, env),
      show: true,
    }),
  );
}

/** @param {string} node @param {readonly string[]} filters */
async function runPlaywright(node, filters) {
  const electron = await electronRuntime(node);
  await linuxLibraries(electron);
  if (!hasDisplay() && !hasProgram('Xvfb')) {
    throw new SetupProblem(
      'There is no display and no Xvfb. Run "sudo apt-get install -y xvfb" (or your system\'s equivalent).',
    );
  }
  return tallied('e2e', (env) =>
    run(
      node,
      [
        commandOf('@playwright/test', 'playwright'),
        'test',
        `--reporter=list,${reporter('playwright-tally.mjs')}`,
        ...filters,
      ],
      { env: withNode(node, { ...env, ELECTRON_OVERRIDE_DIST_PATH: electron.folder }), show: true },
    ),
  );
}

/** @param {string} name */
const reporter = (name) => inProject('scripts', 'testing', name);
/** @param {string} human @param {string} ours */
const reporters = (human, ours) => [`--reporter=${human}`, `--reporter=${reporter(ours)}`];

/**
 * Runs a test runner and reads its tally.
 * @param {string} name
 * @param {(env: NodeJS.ProcessEnv) => Promise<import('../setup/child.mjs').Outcome>} runner
 * @returns {Promise<Tally>}
 */
async function tallied(name, runner) {
  const path = inProject('test-results', `${name}.json`);
  mkdirSync(inProject('test-results'), { recursive: true });
  rmSync(path, { force: true });
  const { status } = await runner({ SSE_INSPECTOR_TALLY: path });
  /** @type {Tally | null} */
  const tally = existsSync(path) ? readJson(path) : null;
  if (tally === null)
    throw new SetupProblem(`The ${name} test runner ended with status ${status} without a result.`);
  if (status !== 0 && tally.failed.length === 0)
    tally.failed.push(`The ${name} test runner ended with status ${status}`);
  return tally;
}
