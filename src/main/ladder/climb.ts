import type {
  Check,
  CheckEvidence,
  LadderBreak,
  LadderProgress,
  LadderResult,
  RungCapture,
  RungResult,
  RungTiming,
  UncheckedCheck,
} from '../../contract/ladder.ts';
import type { FindingCode } from '../../core/findings/finding.ts';
import { ladderRungs, type RungNumber } from '../../core/rungs.ts';
import { evidence, type StreamRecorder } from './received-stream.ts';

/** Checks of what no single capture shows, on the lab and on a target, and what a diagnosis calls their failure. */
const findingOf: ReadonlyMap<string, FindingCode> = new Map([
  ['context-everywhere', 'context-lost'],
  ['context-survives', 'context-lost'],
  ['abort-reaches-upstream', 'abort-not-propagated'],
  ['abort-is-noticed', 'abort-not-propagated'],
  ['nothing-is-left', 'resources-left-open'],
  ['shutdown-leaves-nothing', 'resources-left-open'],
]);

/** Gets the news of a rung while it is climbed. */
export interface ClimbListener {
  check(check: Check): void;
  capture(capture: RungCapture): void;
}

/** One rung being climbed: collects its checks. */
export class Climb {
  /** The break of this rung, where one was asked for. */
  readonly fault: LadderBreak | null;
  readonly checks: Check[] = [];
  readonly unchecked: UncheckedCheck[] = [];
  readonly captures: RungCapture[] = [];
  timing: RungTiming | null = null;
  readonly #listener: ClimbListener;

  constructor(fault: LadderBreak | null, listener: ClimbListener) {
    this.fault = fault;
    this.#listener = listener;
  }

  check(name: string, title: string, passed: boolean, evidence: readonly CheckEvidence[]): void {
    const finding = passed ? undefined : findingOf.get(name);
    const check: Check = { name, title, passed, evidence, ...(finding === undefined ? {} : { finding }) };
    this.checks.push(check);
    this.#listener.check(check);
  }

  /** Says that a check could not be made. */
  leaveOut(name: string, reason: string): void {
    this.unchecked.push({ name, reason });
  }

  keep(capture: RungCapture): void {
    this.captures.push(capture);
    this.#listener.capture(capture);
  }

  /**
   * Reads a stream and keeps it as a capture with this title.
   * @param run id of its request
   */
  async keepStream<Stream>(
    run: string,
    title: string,
    recorder: StreamRecorder | null,
    read: (recorder: StreamRecorder | null) => Promise<Stream>,
  ): Promise<Stream> {
    if (recorder === null) {
      const stream = await read(null);
      this.keep({ run, capture: null, title });
      return stream;
    }
    // Reported as soon as there is a capture, so that the stream can be watched while it comes.
    return read(async (...header) => {
      const kept = await recorder(...header);
      this.keep({ run, capture: kept.capture, title });
      return kept;
    });
  }
}

/** A rung as it is climbed with some kind of climb. */
export interface ClimbableRung<C extends Climb> {
  readonly rung: RungNumber;
  /** Climbs it, telling each check as it is made. Returns a reason where it cannot be climbed here at all. */
  climb(climb: C): Promise<{ readonly skipped: string } | undefined>;
}

/** Which rungs to climb, and how. */
export interface ClimbPlan<C extends Climb> {
  readonly rungs: readonly ClimbableRung<C>[];
  readonly signal: AbortSignal;
  readonly tell: (progress: LadderProgress) => void;
  /** What the rung is broken with on purpose. */
  faultOf(rung: RungNumber): LadderBreak | null;
  /** Why a rung is not to be climbed; null where it is. */
  whyNot(rung: RungNumber): string | null;
  begin(rung: RungNumber, fault: LadderBreak | null, listener: ClimbListener): C;
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
export async function climbRungs<C extends Climb>(plan: ClimbPlan<C>): Promise<LadderResult> {
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

async function climbRung<C extends Climb>(
  { signal, tell, ...plan }: ClimbPlan<C>,
  rung: ClimbableRung<C>,
): Promise<RungResult> {
  const { rung: number } = rung;
  const { name } = ladderRungs[number];
  const fault = plan.faultOf(number);
  tell({ kind: 'rung-started', rung: number, name, break: fault });
  const climb = plan.begin(number, fault, {
    check: (check) => tell({ kind: 'check', rung: number, check }),
    capture: (capture) => tell({ kind: 'capture', rung: number, capture }),
  });
  const began = performance.now();
  const duration = (): number => performance.now() - began;
  try {
    const outcome = await rung.climb(climb);
    if (outcome !== undefined) return skipped(rung, outcome.skipped, climb, duration());
  } catch (error) {
    if (signal.aborted) return skipped(rung, stoppedReason, climb, duration());
    // What keeps a rung from being checked at all is a failure of that rung, with the error as its evidence.
    const text = error instanceof Error ? error.message : String(error);
    climb.check('can-be-climbed', 'The rung can be checked at all.', false, [evidence(null, text)]);
  }
  const passed = climb.checks.length > 0 && climb.checks.every((check) => check.passed);
  return {
    rung: number,
    name,
    state: passed ? 'passed' : 'failed',
    reason: null,
    ...madeBy(climb),
    break: fault,
    duration: duration(),
  };
}

function skipped(
  { rung }: { readonly rung: RungNumber },
  reason: string,
  climb: Climb | null,
  duration: number,
): RungResult {
  const made = climb === null ? { checks: [], captures: [], timing: null } : madeBy(climb);
  const { name } = ladderRungs[rung];
  return { rung, name, state: 'skipped', reason, ...made, break: climb?.fault ?? null, duration };
}

function madeBy({ checks, unchecked, captures, timing }: Climb) {
  return { checks, ...(unchecked.length === 0 ? {} : { unchecked }), captures, timing };
}
