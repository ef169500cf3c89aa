// @ts-check
import { spawn } from 'node:child_process';
import { SetupProblem } from './problem.mjs';

/** Whether a window can be shown. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return (process.env['DISPLAY'] ?? '') !== '' || (process.env['WAYLAND_DISPLAY'] ?? '') !== '';
}

/**
 * Starts an X server without a screen. It picks a free display number.
 * @returns {Promise<{ display: string, stop: () => void }>} `display` such as `:99`.
 */
export function startXvfb() {
  return new Promise((resolve, reject) => {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const stop = () => server.kill();
    const failed = (/** @type {string} */ why) =>
      reject(
        new SetupProblem(
          `Xvfb, the X server for tests without a display, did not start (${why}). Run "Xvfb -displayfd 1" to see why.`,
        ),
      );
    server.once('error', (error) => failed(error.message));
    server.once('exit', (code) => failed(`exit status ${code}`));
    server.stdio[3]?.once('data', (/** @type {Buffer} */ number) => {
      process.once('exit', stop);
      resolve({ display: `:${number.toString().trim()}`, stop });
    });
  });
}
