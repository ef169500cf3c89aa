import { z } from 'zod';
import type { LadderResult, RungState } from './ladder.ts';
import type { RungNumber } from '../core/rungs.ts';

/** Id of a kept run. It is part of a file name, so it is validated before it is used in a path. */
export const ladderRunId = z
  .string()
  .regex(/^[0-9a-z][0-9a-z-]{3,63}$/)
  .brand<'LadderRunId'>();
export type LadderRunId = z.infer<typeof ladderRunId>;

/** A run of the ladder, as kept and exported. Its captures are stored separately and may be deleted first. */
export interface LadderRun {
  readonly format: 'sse-ladder-run';
  readonly version: 1;
  readonly id: LadderRunId;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The requests of the target, with secrets in URLs redacted; null for the lab. */
  readonly target:
    | readonly { readonly rung: RungNumber; readonly method: string; readonly url: string }[]
    | null;
  readonly result: LadderResult;
}

/** A kept run in a list. */
export interface LadderRunSummary extends Pick<LadderRun, 'id' | 'startedAt' | 'target'> {
  readonly passed: boolean;
  readonly stopped: boolean;
  /** Of rungs 1 to 7. */
  readonly states: readonly RungState[];
}

/** The outcome of a check in a run; `absent` if the run does not have the check. */
export type CheckState = 'passed' | 'failed' | 'unchecked' | 'absent';

/** The differences between two runs of the ladder. */
export interface LadderComparison {
  readonly a: LadderRunSummary;
  readonly b: LadderRunSummary;
  /** Rungs 1 to 7. */
  readonly rungs: readonly {
    readonly rung: RungNumber;
    readonly a: RungState;
    readonly b: RungState;
    /** Checks whose state differs: those of A in order, then those that only B has. */
    readonly checks: readonly { readonly name: string; readonly a: CheckState; readonly b: CheckState }[];
  }[];
}
