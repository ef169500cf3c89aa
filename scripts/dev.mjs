// @ts-check
// `npm run dev`: the window with sources watched and reloaded.
import { commandOf, runInForeground, withNode } from './setup/child.mjs';
import { sandboxArguments } from './setup/chromium-sandbox.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { hasDisplay } from './setup/display.mjs';
import { electronRuntime } from './setup/electron-runtime.mjs';
import { linuxLibraries } from './setup/linux-libraries.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';
import { runAsCommand, SetupProblem } from './setup/problem.mjs';

await runAsCommand(async () => {
  if (!hasDisplay()) throw new SetupProblem('npm run dev needs a display, but DISPLAY is not set.');
  const node = await nodeRuntime();
  await installDependencies(node);
  const electron = await electronRuntime(node);
  await linuxLibraries(electron);
  const noSandbox = (await sandboxArguments(electron)).includes('--no-sandbox') ? ['--noSandbox'] : [];
  const env = withNode(node, { ELECTRON_EXEC_PATH: electron.executable });
  return runInForeground(node, [commandOf('electron-vite'), 'dev', '--watch', ...noSandbox], { env });
});
