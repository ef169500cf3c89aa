// @ts-check
// `npm run bench [-- NAME…]`: builds, then measures the targets of the design on this machine.
import { build } from './setup/build.mjs';
import { runInForeground, withNode } from './setup/child.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { electronRuntime } from './setup/electron-runtime.mjs';
import { linuxLibraries } from './setup/linux-libraries.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';
import { runAsCommand } from './setup/problem.mjs';
import { inProject } from './setup/project.mjs';

await runAsCommand(async () => {
  const node = await nodeRuntime();
  await installDependencies(node);
  await build(node);
  const electron = await electronRuntime(node);
  await linuxLibraries(electron);
  const main = inProject('test', 'bench', 'index.ts');
  return runInForeground(node, ['--expose-gc', main, ...process.argv.slice(2)], { env: withNode(node) });
});
