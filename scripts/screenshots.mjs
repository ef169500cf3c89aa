// @ts-check
// `npm run screenshots`: sets up what is missing, and writes the README's pictures from the real application.
import { build } from './setup/build.mjs';
import { commandOf, run, withNode } from './setup/child.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { startXvfb } from './setup/display.mjs';
import { electronRuntime } from './setup/electron-runtime.mjs';
import { linuxLibraries } from './setup/linux-libraries.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';
import { runAsCommand } from './setup/problem.mjs';

await runAsCommand(async () => {
  const node = await nodeRuntime();
  await installDependencies(node);
  await build(node);
  const electron = await electronRuntime(node);
  await linuxLibraries(electron);
  // An existing display may be smaller than the pictures.
  const server = process.platform === 'linux' ? await startXvfb() : null;
  try {
    const { status } = await run(
      node,
      [commandOf('@playwright/test', 'playwright'), 'test', '--config=playwright.screenshots.config.ts'],
      {
        env: withNode(node, {
          ELECTRON_OVERRIDE_DIST_PATH: electron.folder,
          ...(server === null ? {} : { DISPLAY: server.display }),
        }),
        show: true,
      },
    );
    return status ?? 1;
  } finally {
    server?.stop();
  }
});
