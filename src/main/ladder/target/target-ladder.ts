import type { LadderProgress, LadderResult } from '../../../contract/ladder.ts';
import type { RungNumber } from '../../../core/rungs.ts';
import type { LadderTarget } from '../../../contract/ladder-target.ts';
import { asyncTarget } from './rungs/async.ts';
import { browserTarget } from './rungs/browser.ts';
import { contextTarget } from './rungs/context.ts';
import { endpointTarget } from './rungs/endpoint.ts';
import { jsonTarget } from './rungs/json.ts';
import { nodeClientTarget } from './rungs/node-client.ts';
import { openaiTarget } from './rungs/openai.ts';
import { climbRungs, whyNotAsked } from '../climb.ts';
import type { StreamRecorder } from '../received-stream.ts';
import { TargetClimb, type TargetRung, type TargetSetting } from './target-rung.ts';
import { targetOf } from './target.ts';

const rungs: readonly TargetRung[] = [
  endpointTarget,
  browserTarget,
  nodeClientTarget,
  asyncTarget,
  jsonTarget,
  openaiTarget,
  contextTarget,
];

/** How to run the ladder on a target. */
export interface TargetLadderOptions {
  readonly target: LadderTarget;
  /** The rungs to climb; all if absent. */
  readonly rungs?: readonly RungNumber[] | undefined;
  /** A browser for rung 2, or why there is none. */
  readonly browser: TargetSetting['browser'];
  /** Records the streams as captures. */
  readonly recorder?: StreamRecorder | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LadderProgress) => void;
}

/**
 * Runs the ladder on the user's server. Checks what is visible from outside and in the log lines of the server. Reports what
 * cannot be checked, and skips rungs without a request.
 *
 * @throws Refusal if the target has no URL or an invalid one.
 */
export async function runTargetLadder(options: TargetLadderOptions): Promise<LadderResult> {
  const target = targetOf(options.target);
  const setting: TargetSetting = {
    signal: options.signal ?? new AbortController().signal,
    browser: options.browser,
    recorder: options.recorder ?? null,
    clocks: new Map(),
  };
  return climbRungs({
    rungs,
    signal: setting.signal,
    tell: options.onProgress ?? (() => {}),
    faultOf: () => null,
    whyNot: (rung) => whyNotAsked(rung, options.rungs) ?? (target.has(rung) ? null : noUrl),
    begin: (rung, _, listener) => {
      const request = target.get(rung);
      if (request === undefined) throw new Error(`the target has no rung ${rung}`);
      return new TargetClimb(setting, request, listener);
    },
  });
}

const noUrl = 'the target has no URL for it';
