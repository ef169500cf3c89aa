#!/usr/bin/env node
// @ts-check
// `npm run -s cli -- …`: the command line as built. No set-up runs here, so that it starts quickly.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inProject } from './setup/project.mjs';

const main = inProject('out', 'main', 'cli.js');
if (!existsSync(main)) {
  console.error('sse-inspector: The command line is not built yet. Run "npm start" or "npm test" once.');
  process.exitCode = 2;
} else {
  // npm changes to the project's folder. Paths are relative to the user's folder.
  const cwd = process.env['INIT_CWD'];
  if (cwd !== undefined && existsSync(cwd)) process.chdir(cwd);
  process.argv[1] = main;
  await import(pathToFileURL(main).href);
}
