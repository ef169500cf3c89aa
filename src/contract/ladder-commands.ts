import { z } from 'zod';
import { command } from './command.ts';
import type { ExportResult } from './export.ts';
import { type LadderComparison, type LadderRun, ladderRunId, type LadderRunSummary } from './ladder-run.ts';
import { ladderTarget } from './ladder-target.ts';
import { ladderBreakNames, type ModelDescription, type RungDescription } from './ladder.ts';
import { rungNumbers } from '../core/rungs.ts';

/** Which rungs to run, and how. */
const ladderParams = z.object({
  /** The rungs to run; all if absent. */
  rungs: z
    .array(z.union(rungNumbers.map((number) => z.literal(number))))
    .min(1)
    .max(7)
    .optional(),
  break: z.enum(ladderBreakNames).optional(),
  /** ms between the yields of rung 4. */
  delay: z.number().int().min(20).max(10_000).optional(),
  /**
   * Runs the ladder on this server instead of the lab. `break` and `delay` are only for the lab: with a target they are
   * refused as `bad-params`. An invalid URL is refused as `bad-url`.
   */
  target: ladderTarget.optional(),
});
export type LadderParams = z.infer<typeof ladderParams>;

/** Which model rung 6 calls. */
const modelParams = z.object({
  /** Empty for OpenAI's API. */
  baseUrl: z.string().trim().max(2000),
  model: z.string().trim().max(200),
  api: z.enum(['chat', 'responses']),
  /** A new key; null to forget the key; absent to keep it. */
  key: z.string().trim().min(1).max(2000).nullable().optional(),
});
export type ModelParams = z.infer<typeof modelParams>;

const none = z.object({});
const ofRun = z.object({ run: ladderRunId });

/** Commands of the ladder and of the model that rung 6 calls. */
export const ladderCommands = {
  'ladder.describe': command<{ readonly rungs: readonly RungDescription[]; readonly running: boolean }>()(
    none,
  ),
  /** Starts the ladder and returns at once. Progress is sent as `ladder` events. Refused as `busy` while it runs. */
  'ladder.run': command<null>()(ladderParams),
  /** Stops the ladder and waits until it has stopped; the last event is its result. Does nothing if it does not run. */
  'ladder.stop': command<null>()(none),

  /**
   * Kept runs, newest first, at most 200. A run is kept before its result is sent.
   */
  'ladder.runs': command<readonly LadderRunSummary[]>()(none),
  /** Refused as `no-such-run` if the run does not exist, as are the next two. */
  'ladder.open': command<LadderRun>()(ofRun),
  /** Exports a run as a JSON file. */
  'ladder.export': command<ExportResult>()(ofRun),
  'ladder.compare': command<LadderComparison>()(z.object({ a: ladderRunId, b: ladderRunId })),
  /** Keeps the captures of the run. */
  'ladder.delete': command<null>()(ofRun),

  'model.describe': command<ModelDescription>()(none),
  /** Refused as `bad-url` for an invalid base URL. */
  'model.set': command<ModelDescription>()(modelParams),
} as const;
