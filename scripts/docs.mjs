// @ts-check
// `npm run docs`: writes the pages of docs/ that are made from the code and from labelled captures.
import { runInForeground, withNode } from './setup/child.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';
import { runAsCommand } from './setup/problem.mjs';
import { inProject } from './setup/project.mjs';

await runAsCommand(async () => {
  const node = await nodeRuntime();
  await installDependencies(node);
  return runInForeground(node, [inProject('test', 'docs', 'write.ts')], { env: withNode(node) });
});
