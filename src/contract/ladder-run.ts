import { z } from 'zod';
import type { LadderResult, RungState } from './ladder.ts';
import type { RungNumber } from '../core/rungs.ts';

/** Names one kept run of the ladder. Also a file name's stem, so it is checked before it gets near a path. */
export const ladderRunId = z
  .string()
  .regex(/^[0-9a-z][0-9a-z-]{3,63}$/)
  .brand<'LadderRunId'>();
export type LadderRunId = z.infer<typeof ladderRunId>;

/** A run of the ladder as it is kept and exported. Its captures are kept by themselves, and may be deleted before it. */
export interface LadderRun {
  readonly format: 'sse-ladder-run';
  readonly version: 1;
  readonly id: LadderRunId;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The requests of the server that was climbed, secrets in their URLs redacted; null for the lab. */
  readonly target:
    | readonly { readonly rung: RungNumber; readonly method: string; readonly url: string }[]
    | null;
  readonly result: LadderResult;
}

/** What a list shows of a kept run. */
export interface LadderRunSummary extends Pick<LadderRun, 'id' | 'startedAt' | 'target'> {
  readonly passed: boolean;
  readonly stopped: boolean;
  /** Of rungs 1 to 7. */
  readonly states: readonly RungState[];
}

/** How a check came out in a run; `absent` where the run has no such check. */
export type CheckState = 'passed' | 'failed' | 'unchecked' | 'absent';

/** Two runs of the ladder side by side: what came out differently. */
export interface LadderComparison {
  readonly a: LadderRunSummary;
  readonly b: LadderRunSummary;
  /** Rungs 1 to 7. */
  readonly rungs: readonly {
    readonly rung: RungNumber;
    readonly a: RungState;
    readonly b: RungState;
    /** Checks whose state differs, in the order of A, then those that B alone has. */
    readonly checks: readonly { readonly name: string; readonly a: CheckState; readonly b: CheckState }[];
  }[];
}
