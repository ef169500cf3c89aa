// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { inProject, readJson, root } from './project.mjs';
import { SetupProblem } from './problem.mjs';

/**
 * @typedef {object} Outcome
 * @property {number} status Exit status; 128 + n if signal n ended it, 127 if the program is missing.
 * @property {string} output Standard output and error, interleaved; empty with `show`.
 */

/**
 * Runs a program until it exits. Never rejects.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, show?: boolean, timeout?: number }} [options] `show` passes the
 *   output through instead of collecting it. `timeout` in ms.
 * @returns {Promise<Outcome>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: options.show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    });
    /** @type {Buffer[]} */
    const pieces = [];
    child.stdout?.on('data', (piece) => pieces.push(piece));
    child.stderr?.on('data', (piece) => pieces.push(piece));
    child.once('error', (error) => resolve({ status: 127, output: error.message }));
    child.once('close', (code, signal) =>
      resolve({ status: statusOf(code, signal), output: Buffer.concat(pieces).toString('utf8') }),
    );
  });
}

/**
 * Runs the main program of a command in the foreground. It uses the terminal, receives our signals, and determines our
 * exit status. Ctrl-C reaches it directly, because it is in our process group.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<number>}
 */
export function runInForeground(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: 'inherit',
    });
    const wait = () => {};
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on('SIGINT', wait);
    process.on('SIGTERM', forward);
    process.on('SIGHUP', forward);
    const done = () => {
      process.off('SIGINT', wait);
      process.off('SIGTERM', forward);
      process.off('SIGHUP', forward);
    };
    child.once('error', (error) => {
      done();
      reject(new SetupProblem(`Cannot start ${program}: ${error.message}.`, { cause: error }));
    });
    child.once('exit', (code, signal) => {
      done();
      resolve(statusOf(code, signal));
    });
  });
}

/** @param {number | null} code @param {NodeJS.Signals | null} signal */
function statusOf(code, signal) {
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
}

/**
 * An environment whose PATH has this Node first, for tools that start `node`.
 * @param {string} node Path of the executable.
 * @param {NodeJS.ProcessEnv} [more]
 * @returns {NodeJS.ProcessEnv}
 */
export function withNode(node, more = {}) {
  const env = { ...process.env, ...more };
  // Windows spells it `Path` and would ignore an additional `PATH`.
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  env[name] = `${dirname(node)}${delimiter}${env[name] ?? ''}`;
  return env;
}

/**
 * The script of a dependency's command. Running it with Node works on every system.
 * @param {string} dependency
 * @param {string} [command] Defaults to the dependency's name.
 */
export function commandOf(dependency, command = dependency) {
  const bin = readJson(inProject('node_modules', dependency, 'package.json'))?.bin;
  const script = typeof bin === 'string' ? bin : bin?.[command];
  if (typeof script !== 'string') throw new SetupProblem(`${dependency} is not installed. Run npm ci.`);
  return inProject('node_modules', dependency, script);
}
