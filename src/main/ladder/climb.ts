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

/** The findings of failed checks that no single capture shows, by the name of the check. */
const findingOf: ReadonlyMap<string, FindingCode> = new Map([
  ['context-everywhere', 'context-lost'],
  ['context-survives', 'context-lost'],
  ['abort-reaches-upstream', 'abort-not-propagated'],
  ['abort-is-noticed', 'abort-not-propagated'],
  ['nothing-is-left', 'resources-left-open'],
  ['shutdown-leaves-nothing', 'resources-left-open'],
]);

/** Receives the checks and captures of a rung while it runs. */
export interface ClimbListener {
  check(check: Check): void;
  capture(capture: RungCapture): void;
}

/** One run of a rung. Collects its checks. */
export class Climb {
  /** The break to apply; null for none. */
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

  /** Reports a check that is not possible. */
  leaveOut(name: string, reason: string): void {
    this.unchecked.push({ name, reason });
  }

  keep(capture: RungCapture): void {
    this.captures.push(capture);
    this.#listener.capture(capture);
  }

  /**
   * Reads a stream and records it as a capture with this title.
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
    // Reported before the stream is read, so that it can be watched live.
    return read(async (...header) => {
      const kept = await recorder(...header);
      this.keep({ run, capture: kept.capture, title });
      return kept;
    });
  }
}

/** A rung that can be climbed. */
export interface ClimbableRung<C extends Climb> {
  readonly rung: RungNumber;
  /** Runs the checks of the rung. Returns a reason if the rung cannot be climbed here. */
  climb(climb: C): Promise<{ readonly skipped: string } | undefined>;
}

/** Which rungs to climb, and how. */
export interface ClimbPlan<C extends Climb> {
  readonly rungs: readonly ClimbableRung<C>[];
  readonly signal: AbortSignal;
  readonly tell: (progress: LadderProgress) => void;
  /** The break to apply to a rung. */
  faultOf(rung: RungNumber): LadderBreak | null;
  /** Why to skip a rung; null to climb it. */
  whyNot(rung: RungNumber): string | null;
  begin(rung: RungNumber, fault: LadderBreak | null, listener: ClimbListener): C;
}

/** Why to skip a rung if only some are `wanted`; null to climb it. */
export function whyNotAsked(rung: RungNumber, wanted: readonly RungNumber[] | null = null): string | null {
  return wanted === null || wanted.includes(rung) ? null : 'not selected';
}

const stoppedReason = 'the ladder was stopped';

/**
 * Climbs the rungs in order, each only if none below it failed. If `signal` aborts, the remaining rungs are skipped.
 */
export async function climbRungs<C extends Climb>(plan: ClimbPlan<C>): Promise<LadderResult> {
  const { signal, tell } = plan;
  const results: RungResult[] = [];
  for (const rung of plan.rungs) {
    const failed = results.find(({ state }) => state === 'failed');
    let reason = signal.aborted ? stoppedReason : plan.whyNot(rung.rung);
    if (reason === null && failed !== undefined) reason = `it depends on rung ${failed.rung}, which failed`;
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
    // An unexpected error is a failure of the rung.
    const text = error instanceof Error ? error.message : String(error);
    climb.check('can-be-climbed', 'The rung can be checked.', false, [evidence(null, text)]);
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
