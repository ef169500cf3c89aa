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
 * @property {(node: string, filters: readonly string[]) => Promise<Tally | null>} run Throws a `SetupProblem` where it
 *   fails as a whole. Gives a tally where it ran tests.
 */

/** What `npm test` does, in order. @type {readonly Step[]} */
export const steps = [
  {
    name: 'format',
    run: (node) =>
      tool(node, 'the format check', '@biomejs/biome', 'biome', ['check', '.'], 'run "npm run format"'),
  },
  { name: 'lint', run: (node) => tool(node, 'the lint', 'oxlint', 'oxlint', [], 'mend what it names') },
  {
    name: 'types',
    run: (node) => tool(node, 'the type check', 'typescript', 'tsc', ['--build'], 'mend what it names'),
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
      'there is no display and no Xvfb: run "sudo apt-get install -y xvfb" (or your system\'s equivalent).',
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
 * Runs a test runner and reads what it counted.
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
    throw new SetupProblem(`the ${name} test runner ended with status ${status} before it could count.`);
  if (status !== 0 && tally.failed.length === 0)
    tally.failed.push(`the ${name} test runner ended with status ${status}`);
  return tally;
}
