import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type LadderRun,
  type LadderRunId,
  ladderRunId,
  type LadderRunSummary,
} from '../../contract/ladder-run.ts';
import { rungNumbers } from '../../core/rungs.ts';
import { Refusal } from '../../contract/refusal.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writePrivateFile } from '../files/write-private-file.ts';
import { summaryOf } from './ladder-run.ts';

/** Number of runs to keep. The oldest are deleted. */
const mostRuns = 200;
const extension = '.ladder.json';

const evidence = z.looseObject({ text: z.string(), points: z.array(z.unknown()) });
const check = z.looseObject({
  name: z.string(),
  title: z.string(),
  passed: z.boolean(),
  evidence: z.array(evidence),
});
const rungResult = z.looseObject({
  rung: z.union(rungNumbers.map((number) => z.literal(number))),
  name: z.string(),
  state: z.enum(['passed', 'failed', 'skipped']),
  reason: z.string().nullable(),
  checks: z.array(check),
  unchecked: z.array(z.looseObject({ name: z.string(), reason: z.string() })).optional(),
  captures: z.array(z.looseObject({ run: z.string(), title: z.string() })),
  timing: z.object({ yields: z.array(z.number()), arrivals: z.array(z.number()) }).nullable(),
});
/** Validates what is used of a file, which may be damaged or of another program. */
const storedRun = z.looseObject({
  format: z.literal('sse-ladder-run'),
  version: z.literal(1),
  id: ladderRunId,
  startedAt: z.iso.datetime(),
  target: z.array(z.looseObject({ rung: z.number(), method: z.string(), url: z.string() })).nullable(),
  result: z.looseObject({
    kind: z.literal('result'),
    passed: z.boolean(),
    stopped: z.boolean(),
    rungs: z.array(rungResult).length(rungNumbers.length),
  }),
});

/** Keeps runs of the ladder in a folder, one file each. */
export class LadderRunStore {
  readonly #folder: string;

  /** @param folder created with the first run */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws a `Refusal` (`storage`) if the run cannot be written. */
  async keep(run: LadderRun): Promise<void> {
    const path = this.#path(run.id);
    try {
      makeFolder(this.#folder, 0o700);
      await writePrivateFile(path, `${JSON.stringify(run, null, 2)}\n`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Refusal('storage', `Cannot save the run of the ladder: ${why}`, { cause: error });
    }
    const ids = await this.#ids();
    for (const id of ids.slice(mostRuns)) await rm(this.#path(id), { force: true });
  }

  /** Newest first. Skips damaged files but does not delete them. */
  async list(): Promise<readonly LadderRunSummary[]> {
    const runs: LadderRunSummary[] = [];
    for (const id of await this.#ids()) {
      const run = await this.#read(id);
      if (run !== null) runs.push(summaryOf(run));
    }
    return runs;
  }

  /** Throws a `Refusal` (`no-such-run`) if the run does not exist or cannot be read. */
  async open(id: LadderRunId): Promise<LadderRun> {
    const run = await this.#read(id);
    if (run === null) throw new Refusal('no-such-run', `Run ${id} of the ladder does not exist.`);
    return run;
  }

  /** Does nothing if the run does not exist. */
  async delete(id: LadderRunId): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  async #read(id: LadderRunId): Promise<LadderRun | null> {
    try {
      const run = storedRun.parse(JSON.parse(await readFile(this.#path(id), 'utf8')));
      // The schema checks all but members that are only passed on.
      return run.id === id ? (run as unknown as LadderRun) : null;
    } catch {
      return null;
    }
  }

  /** Newest first: ids sort by their time. */
  async #ids(): Promise<readonly LadderRunId[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .filter((name) => name.endsWith(extension))
      .flatMap((name) => {
        const id = ladderRunId.safeParse(name.slice(0, -extension.length));
        return id.success ? [id.data] : [];
      })
      .sort()
      .reverse();
  }

  #path(id: LadderRunId): string {
    return join(this.#folder, id + extension);
  }
}
