// @ts-check
// `npm start [-- FILE]`: sets up what is missing, builds what changed, opens the window.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { say } from './setup/announce.mjs';
import { build } from './setup/build.mjs';
import { runInForeground } from './setup/child.mjs';
import { sandboxArguments } from './setup/chromium-sandbox.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { hasDisplay } from './setup/display.mjs';
import { electronRuntime } from './setup/electron-runtime.mjs';
import { linuxLibraries } from './setup/linux-libraries.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';
import { runAsCommand } from './setup/problem.mjs';
import { inProject, root } from './setup/project.mjs';

await runAsCommand(async () => {
  const node = await nodeRuntime();
  await installDependencies(node);
  await build(node);
  const given = process.argv.slice(2).map(resolvedPath);
  if (!hasDisplay()) {
    say('DISPLAY is not set: serving the user interface to a browser instead. Press Ctrl-C to stop.');
    return runInForeground(process.execPath, [inProject('out', 'main', 'cli.js'), 'serve', ...given]);
  }
  const electron = await electronRuntime(node);
  await linuxLibraries(electron);
  return runInForeground(electron.executable, [...(await sandboxArguments(electron)), root, ...given]);
});

/** npm changes to the project's folder. Paths are relative to the user's folder. @param {string} argument */
function resolvedPath(argument) {
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), argument);
  return !argument.startsWith('-') && existsSync(path) ? path : argument;
}
