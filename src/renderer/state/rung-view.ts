import type { Check, RungCapture, RungResult, RungState } from '../../contract/ladder.ts';
import { type RungNumber, rungNumbers } from '../../core/rungs.ts';

/** What a rung is doing: `idle` was never run, `waiting` is still to come in the current run. */
export type RungStage = 'idle' | 'waiting' | 'running' | RungState;

/** What is known of a rung: the result of its last run, or its progress now. */
export interface RungView
  extends Pick<RungResult, 'reason' | 'checks' | 'unchecked' | 'captures' | 'timing' | 'break'> {
  readonly rung: RungNumber;
  readonly stage: RungStage;
  /** ms; null until it has ended. */
  readonly duration: number | null;
}

/** All rungs by their number. */
export type Rungs = ReadonlyMap<RungNumber, RungView>;

/** A rung that was never run. */
export function idleRung(rung: RungNumber): RungView {
  return {
    rung,
    stage: 'idle',
    reason: null,
    checks: [],
    captures: [],
    timing: null,
    break: null,
    duration: null,
  };
}

/** All rungs before the first run. */
export const idleRungs: Rungs = new Map(rungNumbers.map((rung) => [rung, idleRung(rung)]));

/** Whether a run of the ladder has the rung in it; `only` is null for a run of all. */
export function isAsked(only: readonly RungNumber[] | null, rung: RungNumber): boolean {
  return only === null || only.includes(rung);
}

/** Changes every rung. */
export function mapRungs(byRung: Rungs, change: (view: RungView) => RungView): Rungs {
  return new Map([...byRung].map(([rung, view]) => [rung, change(view)]));
}

/** Changes one rung. */
export function withRung(byRung: Rungs, rung: RungNumber, change: (view: RungView) => RungView): Rungs {
  return new Map(byRung).set(rung, change(byRung.get(rung) ?? idleRung(rung)));
}

/** Applies the result of a rung. A rung that is not part of the run stays as it was. */
export function withResult(byRung: Rungs, result: RungResult, only: readonly RungNumber[] | null): Rungs {
  if (!isAsked(only, result.rung)) return byRung;
  const { rung, state, reason, checks, unchecked = [], captures, timing, duration } = result;
  const { break: fault } = result;
  const view = { rung, stage: state, reason, checks, unchecked, captures, timing, duration, break: fault };
  return withRung(byRung, rung, () => view);
}

/** Resets the rungs that wait or run, for when their end will never be known. */
export function withoutLoose(byRung: Rungs): Rungs {
  const isLoose = ({ stage }: RungView): boolean => stage === 'waiting' || stage === 'running';
  if (![...byRung.values()].some(isLoose)) return byRung;
  return mapRungs(byRung, (view) => (isLoose(view) ? idleRung(view.rung) : view));
}

/** Adds a capture at the end; one of a run that is listed replaces it where it is. */
export function withCapture(captures: readonly RungCapture[], added: RungCapture): readonly RungCapture[] {
  const at = captures.findIndex(({ run }) => run === added.run);
  return at === -1 ? [...captures, added] : captures.with(at, added);
}

/** Adds a check at the end; one of the same name replaces it where it is. */
export function withCheck(checks: readonly Check[], added: Check): readonly Check[] {
  const at = checks.findIndex(({ name }) => name === added.name);
  return at === -1 ? [...checks, added] : checks.with(at, added);
}
