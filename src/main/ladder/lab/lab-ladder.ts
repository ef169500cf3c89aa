import { ladderRungs, type RungNumber } from '../../../core/rungs.ts';
import { Refusal } from '../../../contract/refusal.ts';
import {
  type LadderBreak,
  type LadderProgress,
  type LadderResult,
  breaksOfRung,
  ladderBreaks,
  type RungDescription,
} from '../../../contract/ladder.ts';
import type { Lab } from '../../lab/lab.ts';
import { asyncRung } from './rungs/async.ts';
import { browserRung } from './rungs/browser.ts';
import { contextRung } from './rungs/context.ts';
import { endpointRung } from './rungs/endpoint.ts';
import { jsonRung } from './rungs/json.ts';
import { nodeClientRung } from './rungs/node-client.ts';
import { openaiRung } from './rungs/openai.ts';
import { climbRungs, whyNotAsked } from '../climb.ts';
import type { StreamRecorder } from '../received-stream.ts';
import { LabClimb, type LabRung, type LadderSetting } from './lab-rung.ts';
import type { RungUpstream } from './rung-upstream.ts';

const rungs: readonly LabRung[] = [
  endpointRung,
  browserRung,
  nodeClientRung,
  asyncRung,
  jsonRung,
  openaiRung,
  contextRung,
];

/** The descriptions of the rungs. */
export const rungDescriptions: readonly RungDescription[] = rungs.map(({ rung, proves, idea }) => ({
  rung,
  name: ladderRungs[rung].name,
  proves,
  idea,
  breaks: breaksOfRung(rung),
}));

/**
 * Default time between the yields of rung 4, ms. A check needs less than the second of the stage, but more than the process
 * is ever busy at a time.
 */
const defaultDelay = 250;

/** How to run the ladder on the lab. */
export interface LadderOptions {
  readonly lab: Lab;
  /** The rungs to climb; all if absent. */
  readonly rungs?: readonly RungNumber[] | undefined;
  /** A break to apply to its rung. */
  readonly break?: LadderBreak | null | undefined;
  /** A browser for rung 2, or why there is none. */
  readonly browser: LadderSetting['browser'];
  /** A model for rung 6; the scripted model if absent. */
  readonly upstream?: RungUpstream | null;
  /** ms between the yields of rung 4. */
  readonly delay?: number | undefined;
  /** Records the streams as captures. */
  readonly recorder?: StreamRecorder | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LadderProgress) => void;
}

const climbing = new WeakSet<Lab>();

/**
 * Runs the ladder on a lab: each rung in order, if none below it failed. If `signal` aborts, the remaining rungs are skipped.
 *
 * @throws Refusal `busy` if the ladder already runs on the lab, `bad-params` for a break of a rung that is not selected.
 */
export async function runLadder(options: LadderOptions): Promise<LadderResult> {
  const fault = options.break ?? null;
  const wanted = options.rungs ?? null;
  if (fault !== null && wanted !== null && !wanted.includes(ladderBreaks[fault].rung)) {
    const { rung } = ladderBreaks[fault];
    throw new Refusal('bad-params', `${fault} breaks rung ${rung}, which is not selected`);
  }
  if (climbing.has(options.lab))
    throw new Refusal('busy', 'the ladder is already running: wait until it ends, or stop it');
  climbing.add(options.lab);
  try {
    return await climb(options, fault, wanted);
  } finally {
    climbing.delete(options.lab);
  }
}

async function climb(
  options: LadderOptions,
  fault: LadderBreak | null,
  wanted: readonly RungNumber[] | null,
): Promise<LadderResult> {
  const setting: LadderSetting = {
    lab: options.lab,
    signal: options.signal ?? new AbortController().signal,
    browser: options.browser,
    upstream: options.upstream ?? null,
    delay: options.delay ?? defaultDelay,
    recorder: options.recorder ?? null,
  };
  return climbRungs({
    rungs,
    signal: setting.signal,
    tell: options.onProgress ?? (() => {}),
    faultOf: (rung) => (fault !== null && ladderBreaks[fault].rung === rung ? fault : null),
    whyNot: (rung) => whyNotAsked(rung, wanted),
    begin: (_, own, listener) => new LabClimb(setting, own, listener),
  });
}
