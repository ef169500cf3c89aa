import { Refusal } from '../../contract/refusal.ts';
import {
  type LadderBreak,
  type LadderProgress,
  type LadderResult,
  ladderBreaks,
  type RungDescription,
  type RungNumber,
  type RungResult,
} from '../../contract/ladder.ts';
import type { Lab } from '../lab/lab.ts';
import { evidence, type RunRecorder } from './lab-run.ts';
import { Climb, type LadderSetting, type Rung, type RungUpstream } from './rung.ts';
import { asyncRung } from './rungs/async.ts';
import { browserRung } from './rungs/browser.ts';
import { contextRung } from './rungs/context.ts';
import { endpointRung } from './rungs/endpoint.ts';
import { jsonRung } from './rungs/json.ts';
import { nodeClientRung } from './rungs/node-client.ts';
import { openaiRung } from './rungs/openai.ts';

const rungs: readonly Rung[] = [
  endpointRung,
  browserRung,
  nodeClientRung,
  asyncRung,
  jsonRung,
  openaiRung,
  contextRung,
];

/** What each rung is about. */
export const rungDescriptions: readonly RungDescription[] = rungs.map(
  ({ rung, name, proves, idea, breaks }) => ({ rung, name, proves, idea, breaks }),
);

/**
 * ms between the yields of rung 4 where nobody asks for another time. The stage itself pauses for a second, so that
 * people can watch; a quarter is as long as a check needs, and far longer than the process is ever busy at a stretch.
 */
const defaultDelay = 250;

/** What to climb, with what, and who is told. */
export interface LadderOptions {
  readonly lab: Lab;
  /** The only rungs to climb; all where absent. */
  readonly rungs?: readonly RungNumber[] | undefined;
  /** Breaks its rung on purpose. */
  readonly break?: LadderBreak | null | undefined;
  /** A page for rung 2, or why there is none. */
  readonly probe: LadderSetting['probe'];
  /** A model for rung 6; the lab's scripted one where absent. */
  readonly upstream?: RungUpstream | null;
  /** ms between the yields of rung 4. */
  readonly delay?: number | undefined;
  /** Keeps the runs as captures. */
  readonly recorder?: RunRecorder | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LadderProgress) => void;
}

const climbing = new WeakSet<Lab>();

/**
 * Climbs the ladder: rung by rung, each only when none below it failed. Resolves with what came out, also when
 * `signal` stops it: then the rungs that were not finished are skipped.
 *
 * @throws Refusal `busy` where the lab is being climbed already, `bad-params` for a break of a rung that is not climbed.
 */
export async function runLadder(options: LadderOptions): Promise<LadderResult> {
  const fault = options.break ?? null;
  const wanted = options.rungs ?? null;
  if (fault !== null && wanted !== null && !wanted.includes(ladderBreaks[fault].rung)) {
    const { rung } = ladderBreaks[fault];
    throw new Refusal('bad-params', `${fault} breaks rung ${rung}, which is not to be climbed`);
  }
  if (climbing.has(options.lab))
    throw new Refusal('busy', 'the ladder is being climbed: wait for its end, or stop it');
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
  const tell = options.onProgress ?? (() => {});
  const setting: LadderSetting = {
    lab: options.lab,
    signal: options.signal ?? new AbortController().signal,
    probe: options.probe,
    upstream: options.upstream ?? null,
    delay: options.delay ?? defaultDelay,
    recorder: options.recorder ?? null,
  };
  const results: RungResult[] = [];
  for (const rung of rungs) {
    const failed = results.find(({ state }) => state === 'failed');
    let reason: string | null = null;
    if (setting.signal.aborted) reason = 'the ladder was stopped';
    else if (wanted !== null && !wanted.includes(rung.rung)) reason = 'it was not asked for';
    else if (failed !== undefined) reason = `rung ${failed.rung} failed, and this one stands on it`;
    const result =
      reason === null ? await climbRung(rung, setting, fault, tell) : skipped(rung, reason, null, 0);
    results.push(result);
    tell({ kind: 'rung', result });
  }
  const stopped = setting.signal.aborted && results.some(({ reason }) => reason === 'the ladder was stopped');
  const passed = !stopped && results.every(({ state }) => state !== 'failed');
  const result: LadderResult = { kind: 'result', passed, stopped, rungs: results };
  tell(result);
  return result;
}

async function climbRung(
  rung: Rung,
  setting: LadderSetting,
  fault: LadderBreak | null,
  tell: (progress: LadderProgress) => void,
): Promise<RungResult> {
  const { rung: number, name } = rung;
  const own = fault !== null && ladderBreaks[fault].rung === number ? fault : null;
  tell({ kind: 'rung-started', rung: number, name, break: own });
  const attempt = new Climb(setting, own, {
    check: (check) => tell({ kind: 'check', rung: number, check }),
    capture: (capture) => tell({ kind: 'capture', rung: number, capture }),
  });
  const began = performance.now();
  try {
    const outcome = await rung.climb(attempt);
    if (outcome !== undefined) return skipped(rung, outcome.skipped, attempt, performance.now() - began);
  } catch (error) {
    if (setting.signal.aborted)
      return skipped(rung, 'the ladder was stopped', attempt, performance.now() - began);
    // What keeps a rung from being checked at all is a failure of that rung, with the error as its evidence.
    const text = error instanceof Error ? error.message : String(error);
    attempt.check('can-be-climbed', 'The rung can be checked at all.', false, [evidence(null, text)]);
  }
  const passed = attempt.checks.length > 0 && attempt.checks.every((check) => check.passed);
  return {
    rung: number,
    name,
    state: passed ? 'passed' : 'failed',
    reason: null,
    checks: attempt.checks,
    captures: attempt.captures,
    timing: attempt.timing,
    break: own,
    duration: performance.now() - began,
  };
}

function skipped({ rung, name }: Rung, reason: string, attempt: Climb | null, duration: number): RungResult {
  return {
    rung,
    name,
    state: 'skipped',
    reason,
    checks: attempt?.checks ?? [],
    captures: attempt?.captures ?? [],
    timing: attempt?.timing ?? null,
    break: attempt?.fault ?? null,
    duration,
  };
}
