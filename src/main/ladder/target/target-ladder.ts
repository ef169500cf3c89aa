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

/** Whose server to climb, with what, and who is told. */
export interface TargetLadderOptions {
  readonly target: LadderTarget;
  /** The only rungs to climb; all where absent. */
  readonly rungs?: readonly RungNumber[] | undefined;
  /** A page for rung 2, or why there is none. */
  readonly browser: TargetSetting['browser'];
  /** Keeps the runs as captures. */
  readonly recorder?: StreamRecorder | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LadderProgress) => void;
}

/**
 * Climbs the ladder of somebody's server: the seven steps as far as they can be known from outside, and from the log lines
 * of the server where it writes them. What cannot be known is left out with the reason; a rung without a request is skipped.
 *
 * @throws Refusal where the target names no URL, or one that cannot be opened.
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
      if (request === undefined) throw new Error(`rung ${rung} is not of the target`);
      return new TargetClimb(setting, request, listener);
    },
  });
}

const noUrl = 'the target names no URL for it';
