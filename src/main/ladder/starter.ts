import { cp, mkdir, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Refusal } from '../../contract/refusal.ts';

/** An example server: its files and how to run it. */
interface Starter {
  /** Source path in the starters' folder, and target path in the new folder. */
  readonly parts: readonly (readonly [from: string, to: string])[];
  /** Shell commands that install and start it, in its folder. */
  readonly run: readonly string[];
}

const target = ['ladder.json', 'ladder.json'] as const;
const client = ['client', 'client'] as const;
const pip = 'python3 -m pip install -r requirements.txt';

const starters = {
  flask: { parts: [['flask', '.'], client, target], run: [pip, 'python3 server.py'] },
  fastapi: { parts: [['fastapi', '.'], client, target], run: [pip, 'python3 server.py'] },
  express: { parts: [['express', '.'], client, target], run: ['npm install', 'npm start'] },
  fastify: { parts: [['fastify', '.'], client, target], run: ['npm install', 'npm start'] },
  next: {
    parts: [['next', '.'], ['client/src/stream.tsx', 'app/stream.tsx'], target],
    run: ['npm install', 'npm run build', 'npm start'],
  },
} as const satisfies { readonly [name: string]: Starter };

/** A framework with an example server. */
export type StarterName = keyof typeof starters;
export const starterNames = Object.keys(starters) as [StarterName, ...StarterName[]];

export interface WrittenStarter {
  /** Paths in the folder, sorted. */
  readonly files: readonly string[];
  /** Shell commands that install it, start it and run the ladder on it. */
  readonly steps: readonly string[];
}

/**
 * Writes a server with all seven rungs into a folder, with the React component of rung 2 and the target file of the ladder.
 * @param source folder of the starters
 * @throws Refusal `bad-params` if the folder is not empty, `storage` if it cannot be written.
 */
export async function writeStarter(
  name: StarterName,
  folder: string,
  source: string,
): Promise<WrittenStarter> {
  const { parts, run }: Starter = starters[name];
  try {
    await mkdir(folder, { recursive: true });
    // Existing files may be the user's work.
    if ((await readdir(folder)).length > 0)
      throw new Refusal('bad-params', `The folder ${folder} is not empty: choose a new one.`);
    for (const [from, to] of parts) {
      await cp(join(source, from), join(folder, to), {
        recursive: true,
        // Leaves out what installing or running a starter creates.
        filter: (path) => !/[\\/](node_modules|__pycache__|dist|\.next)$/.test(path),
      });
    }
    const files = await filesIn(folder);
    return { files, steps: [`cd ${folder}`, ...run, 'sse-inspector ladder --target ladder.json'] };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal('storage', `Cannot write the starter to ${folder}: ${why}`, { cause: error });
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const files: string[] = [];
  for (const name of names.sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) files.push(relative(folder, path));
  }
  return files;
}
