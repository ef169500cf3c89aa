// Started by Electron when no application is packed beside it: loads the scripts given with -r, then the application
// whose folder (or main script) is the first argument that is no option.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, dialog } from 'electron';

const required = [];
let path;
for (let index = 1; index < process.argv.length; index += 1) {
  const argument = process.argv[index];
  if (argument === '-r' || argument === '--require') {
    index += 1;
    required.push(process.argv[index]);
  } else if (!argument.startsWith('-')) {
    path = resolve(argument);
    break;
  }
}

try {
  if (path === undefined) throw new Error('Give the folder of an application.');
  const require = createRequire(join(process.cwd(), 'default-app.js'));
  for (const script of required) require(resolve(script));
  let main = path;
  if (statSync(path).isDirectory()) {
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    app.setName(manifest.productName ?? manifest.name);
    if (manifest.version !== undefined) app.setVersion?.(manifest.version);
    app.setAppPath?.(path);
    main = join(path, manifest.main);
  }
  await import(pathToFileURL(main).href);
} catch (error) {
  dialog.showErrorBox(
    'The application could not be started',
    error instanceof Error ? (error.stack ?? '') : String(error),
  );
  app.exit(1);
}
