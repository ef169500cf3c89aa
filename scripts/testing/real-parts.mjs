// @ts-check
import { existsSync } from 'node:fs';
import { say } from '../setup/announce.mjs';
import { run } from '../setup/child.mjs';
import { canInstallPackages, hasProgram, installCommand, installPackages } from '../setup/debian.mjs';
import { hasDisplay } from '../setup/display.mjs';

/** Programs that tests use, and the Debian package of each. */
/** @type {readonly { name: string, package: string, isThere: () => boolean | Promise<boolean> }[]} */
const parts = [
  { name: 'Chromium', package: 'chromium', isThere: () => hasProgram('chromium') },
  {
    name: 'nginx',
    package: 'nginx-light',
    isThere: () => hasProgram('nginx') || existsSync('/usr/sbin/nginx'),
  },
  {
    name: 'haproxy',
    package: 'haproxy',
    isThere: () => hasProgram('haproxy') || existsSync('/usr/sbin/haproxy'),
  },
  { name: 'Flask', package: 'python3-flask', isThere: hasFlask },
  { name: 'curl', package: 'curl', isThere: () => hasProgram('curl') },
  { name: 'Xvfb', package: 'xvfb', isThere: () => hasDisplay() || hasProgram('Xvfb') },
  { name: 'xauth', package: 'xauth', isThere: () => hasDisplay() || hasProgram('xauth') },
];

/** Debian's Flask belongs to Debian's Python, which may not be the first one in the PATH. */
async function hasFlask() {
  return (await run('/usr/bin/python3', ['-c', 'import flask'])).status === 0;
}

/** Installs missing programs if possible. Otherwise prints which tests will be skipped. Linux only. */
export async function realParts() {
  if (process.platform !== 'linux') return;
  const missing = await missingParts();
  if (missing.length === 0) return;
  const packages = missing.map((part) => part.package);
  if (canInstallPackages()) {
    const failure = await installPackages(packages);
    if (failure !== null) say(failure.trimEnd());
  }
  const still = await missingParts();
  if (still.length === 0) return;
  say(
    `Missing: ${still.map((part) => part.name).join(', ')}. Tests that need them will be skipped. ` +
      `To run them: ${installCommand(still.map((part) => part.package))}`,
  );
}

async function missingParts() {
  const missing = [];
  for (const part of parts) if (!(await part.isThere())) missing.push(part);
  return missing;
}
