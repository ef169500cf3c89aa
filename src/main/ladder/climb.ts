import type {
  Check,
  CheckEvidence,
  LadderBreak,
  LadderProgress,
  LadderResult,
  RungCapture,
  RungNumber,
  RungResult,
  RungTiming,
  UncheckedCheck,
} from '../../contract/ladder.ts';
import type { FindingCode } from '../../core/findings/finding.ts';
import { ladderRungs } from '../../core/rungs.ts';
import { evidence } from './lab/lab-stream.ts';

/** Checks of what no single capture shows, on the lab and on a target, and what a diagnosis calls their failure. */
const findingOf: ReadonlyMap<string, FindingCode> = new Map([
  ['context-everywhere', 'context-lost'],
  ['context-survives', 'context-lost'],
  ['abort-reaches-upstream', 'abort-not-propagated'],
  ['abort-is-noticed', 'abort-not-propagated'],
  ['nothing-is-left', 'resources-left-open'],
  ['shutdown-leaves-nothing', 'resources-left-open'],
]);

/** What a rung tells while it is climbed. */
export interface RungNews {
  check(check: Check): void;
  capture(capture: RungCapture): void;
}

/** One rung being climbed: collects its checks. */
export class Attempt {
  /** The break of this rung, where one was asked for. */
  readonly fault: LadderBreak | null;
  readonly checks: Check[] = [];
  readonly unchecked: UncheckedCheck[] = [];
  readonly captures: RungCapture[] = [];
  timing: RungTiming | null = null;
  readonly #news: RungNews;

  constructor(fault: LadderBreak | null, news: RungNews) {
    this.fault = fault;
    this.#news = news;
  }

  check(name: string, title: string, passed: boolean, evidence: readonly CheckEvidence[]): void {
    const finding = passed ? undefined : findingOf.get(name);
    const check: Check = { name, title, passed, evidence, ...(finding === undefined ? {} : { finding }) };
    this.checks.push(check);
    this.#news.check(check);
  }

  /** Says that a check could not be made. */
  leaveOut(name: string, reason: string): void {
    this.unchecked.push({ name, reason });
  }

  keep(capture: RungCapture): void {
    this.captures.push(capture);
    this.#news.capture(capture);
  }
}

/** A rung as it is climbed with some kind of attempt. */
export interface Climbable<A extends Attempt> {
  readonly rung: RungNumber;
  /** Climbs it, telling each check as it is made. Returns a reason where it cannot be climbed here at all. */
  climb(attempt: A): Promise<{ readonly skipped: string } | undefined>;
}

/** Which rungs to climb, and how. */
export interface ClimbPlan<A extends Attempt> {
  readonly rungs: readonly Climbable<A>[];
  readonly signal: AbortSignal;
  readonly tell: (progress: LadderProgress) => void;
  /** What the rung is broken with on purpose. */
  faultOf(rung: RungNumber): LadderBreak | null;
  /** Why a rung is not to be climbed; null where it is. */
  whyNot(rung: RungNumber): string | null;
  begin(rung: RungNumber, fault: LadderBreak | null, news: RungNews): A;
}

/** Why a rung is not to be climbed where only some are `wanted`. */
export function whyNotAsked(rung: RungNumber, wanted: readonly RungNumber[] | null = null): string | null {
  return wanted === null || wanted.includes(rung) ? null : 'it was not asked for';
}

const stoppedReason = 'the ladder was stopped';

/**
 * Climbs rung by rung, each only when none below it failed. Resolves with what came out, also when `signal` stops it: then
 * the rungs that were not finished are skipped.
 */
export async function climbRungs<A extends Attempt>(plan: ClimbPlan<A>): Promise<LadderResult> {
  const { signal, tell } = plan;
  const results: RungResult[] = [];
  for (const rung of plan.rungs) {
    const failed = results.find(({ state }) => state === 'failed');
    let reason = signal.aborted ? stoppedReason : plan.whyNot(rung.rung);
    if (reason === null && failed !== undefined)
      reason = `rung ${failed.rung} failed, and this one stands on it`;
    const result = reason === null ? await climbRung(plan, rung) : skipped(rung, reason, null, 0);
    results.push(result);
    tell({ kind: 'rung', result });
  }
  const stopped = signal.aborted && results.some(({ reason }) => reason === stoppedReason);
  const passed = !stopped && results.every(({ state }) => state !== 'failed');
  const result: LadderResult = { kind: 'result', passed, stopped, rungs: results };
  tell(result);
  return result;
}

async function climbRung<A extends Attempt>(
  { signal, tell, ...plan }: ClimbPlan<A>,
  rung: Climbable<A>,
): Promise<RungResult> {
  const { rung: number } = rung;
  const { name } = ladderRungs[number];
  const fault = plan.faultOf(number);
  tell({ kind: 'rung-started', rung: number, name, break: fault });
  const attempt = plan.begin(number, fault, {
    check: (check) => tell({ kind: 'check', rung: number, check }),
    capture: (capture) => tell({ kind: 'capture', rung: number, capture }),
  });
  const began = performance.now();
  const duration = (): number => performance.now() - began;
  try {
    const outcome = await rung.climb(attempt);
    if (outcome !== undefined) return skipped(rung, outcome.skipped, attempt, duration());
  } catch (error) {
    if (signal.aborted) return skipped(rung, stoppedReason, attempt, duration());
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
    ...madeBy(attempt),
    break: fault,
    duration: duration(),
  };
}

function skipped(
  { rung }: { readonly rung: RungNumber },
  reason: string,
  attempt: Attempt | null,
  duration: number,
): RungResult {
  const made = attempt === null ? { checks: [], captures: [], timing: null } : madeBy(attempt);
  const { name } = ladderRungs[rung];
  return { rung, name, state: 'skipped', reason, ...made, break: attempt?.fault ?? null, duration };
}

function madeBy({ checks, unchecked, captures, timing }: Attempt) {
  return { checks, ...(unchecked.length === 0 ? {} : { unchecked }), captures, timing };
}
