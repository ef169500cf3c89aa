#!/usr/bin/env node
// @ts-check
// `npm run -s cli -- …`: the command line as built. Nothing is set up here, so that it starts at once.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inProject } from './setup/project.mjs';

const main = inProject('out', 'main', 'cli.js');
if (!existsSync(main)) {
  console.error('sse-inspector: the command line is not built yet: run "npm start" or "npm test" once.');
  process.exitCode = 2;
} else {
  // npm runs us in the project's folder: files are meant relative to where the user is.
  const cwd = process.env['INIT_CWD'];
  if (cwd !== undefined && existsSync(cwd)) process.chdir(cwd);
  process.argv[1] = main;
  await import(pathToFileURL(main).href);
}
