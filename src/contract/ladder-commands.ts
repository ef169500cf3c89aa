import { z } from 'zod';
import { command } from './command.ts';
import type { ExportResult } from './export.ts';
import { type LadderComparison, type LadderRun, ladderRunId, type LadderRunSummary } from './ladder-run.ts';
import { ladderTarget } from './ladder-target.ts';
import { ladderBreakNames, type ModelDescription, type RungDescription } from './ladder.ts';
import { rungNumbers } from '../core/rungs.ts';

/** What to climb. */
const ladderParams = z.object({
  /** The only rungs to climb; all where absent. */
  rungs: z
    .array(z.union(rungNumbers.map((number) => z.literal(number))))
    .min(1)
    .max(7)
    .optional(),
  break: z.enum(ladderBreakNames).optional(),
  /** ms between the yields of rung 4. */
  delay: z.number().int().min(20).max(10_000).optional(),
  /**
   * Climbs this server instead of the lab. `break` and `delay` are for the lab only: with a target they are refused as
   * `bad-params`. A URL that cannot be opened is refused as `bad-url`.
   */
  target: ladderTarget.optional(),
});
export type LadderParams = z.infer<typeof ladderParams>;

/** Which model rung 6 calls. */
const modelParams = z.object({
  /** Empty for OpenAI's own. */
  baseUrl: z.string().trim().max(2000),
  model: z.string().trim().max(200),
  api: z.enum(['chat', 'responses']),
  /** A new key; null to forget the one there is; absent to leave it. */
  key: z.string().trim().min(1).max(2000).nullable().optional(),
});
export type ModelParams = z.infer<typeof modelParams>;

const none = z.object({});
const ofRun = z.object({ run: ladderRunId });

/** The ladder's part of the commands. */
export const ladderCommands = {
  'ladder.describe': command<{ readonly rungs: readonly RungDescription[]; readonly running: boolean }>()(
    none,
  ),
  /** Begins to climb and returns at once; news come as `ladder` events. Refused as `busy` while it runs. */
  'ladder.run': command<null>()(ladderParams),
  /** Stops it and waits until it has stopped; the last event is its result. Does nothing where it does not run. */
  'ladder.stop': command<null>()(none),

  /**
   * Kept runs of the ladder, on the lab and on targets, newest first; at most 200. A run is kept before its result is sent.
   */
  'ladder.runs': command<readonly LadderRunSummary[]>()(none),
  /** Refused as `no-such-run` for one that is not there, as are the next two. */
  'ladder.open': command<LadderRun>()(ofRun),
  /** Hands a run to the user as a JSON file. */
  'ladder.export': command<ExportResult>()(ofRun),
  'ladder.compare': command<LadderComparison>()(z.object({ a: ladderRunId, b: ladderRunId })),
  /** Its captures stay. */
  'ladder.delete': command<null>()(ofRun),

  'model.describe': command<ModelDescription>()(none),
  /** Refused as `bad-url` for a base URL that is none. */
  'model.set': command<ModelDescription>()(modelParams),
} as const;
