import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach } from 'vitest';
import type { LadderTarget } from '../../../src/contract/ladder-target.ts';
import { type StarterName, writeStarter } from '../../../src/main/ladder/starter.ts';
import { ServerProcess } from '../../fixtures/server-process.ts';

const project = resolve(import.meta.dirname, '../../..');
export const startersFolder = join(project, 'resources', 'starters');
/** Flask of Debian needs Debian's Python. */
export const python = '/usr/bin/python3';
export const hasFlask = existsSync(python) && spawnSync(python, ['-c', 'import flask']).status === 0;
if (!hasFlask)
  console.log('the Flask starter is not tested: python3 with Flask (Debian: python3-flask) is not installed');

/** A running server of a starter. */
export interface RunningStarter {
  readonly folder: string;
  readonly origin: string;
  /** The starter's target file for this server, with short delays. */
  readonly target: LadderTarget;
}

const running: { server: ServerProcess | null; folder: string }[] = [];

afterEach(async () => {
  for (const { server, folder } of running.splice(0)) {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Makes a folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sse-inspector-starter-'));
  running.push({ server: null, folder });
  return folder;
}

/**
 * Writes a starter and runs it without an API key.
 * @param mend changes the source of the server before it runs
 */
export async function startStarter(
  name: Exclude<StarterName, 'next' | 'fastapi'>,
  mend: (server: string) => string = (server) => server,
): Promise<RunningStarter> {
  const folder = await temporaryFolder();
  await writeStarter(name, folder, startersFolder);
  const isPython = name === 'flask';
  const file = join(folder, isPython ? 'server.py' : 'server.ts');
  writeFileSync(file, mend(readFileSync(file, 'utf8')));
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  const { OPENAI_API_KEY: _, ...env } = process.env;
  const server = new ServerProcess(isPython ? python : process.execPath, [file], {
    env: { ...env, PORT: '0', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  running.unshift({ server, folder });
  const [origin] = await server.printed(/http:\/\/127\.0\.0\.1:\d+/);
  return { folder, origin, target: quickTarget(folder, origin) };
}

function quickTarget(folder: string, base: string): LadderTarget {
  const target = JSON.parse(readFileSync(join(folder, 'ladder.json'), 'utf8')) as LadderTarget;
  const rungs = {
    ...target.rungs,
    '2': '/rung/2?delay=40',
    '4': '/rung/4?delay=100',
    '7': '/rung/7?delay=20',
  };
  return { ...target, base, rungs };
}

/** Changes the source of one rung, from its comment to that of the next rung. */
export function inRung(rung: number, from: string, to: string): (server: string) => string {
  return (server) => {
    const start = server.search(new RegExp(`^(#|//) Rung ${rung}\\b`, 'm'));
    const end = server.search(new RegExp(`^(#|//) Rung ${rung + 1}\\b|^if __name__`, 'm'));
    const section = server.slice(start, end);
    if (!section.includes(from)) throw new Error(`rung ${rung} of the starter has no ${from}`);
    return server.slice(0, start) + section.replaceAll(from, to) + server.slice(end);
  };
}
