import { create } from 'zustand';
import { assertNever } from '../../core/assert-never.ts';
import {
  type LadderBreak,
  ladderBreaks,
  type LadderProgress,
  type RungDescription,
} from '../../contract/ladder.ts';
import type { RungNumber } from '../../core/rungs.ts';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { LadderRun } from '../../contract/ladder-run.ts';
import { targetOf } from './own-server.ts';
import { useCaptures } from './captures.ts';
import { callHost, notifyProblem, problemOf } from './host.ts';
import { usePreferences } from './preferences.ts';
import {
  idleRung,
  idleRungs,
  isAsked,
  mapRungs,
  type Rungs,
  withCapture,
  withCheck,
  withoutLoose,
  withResult,
  withRung,
} from './rung-view.ts';

/** What the ladder is doing. `starting` and `stopping` last until the host has answered. */
export type LadderPhase = 'idle' | 'starting' | 'running' | 'stopping';

/** How the last run ended. */
export interface LadderOutcome {
  readonly passed: boolean;
  readonly stopped: boolean;
  /** The only rungs that were run; null for all. */
  readonly only: readonly RungNumber[] | null;
}

export interface LadderState {
  /** What each rung is about; empty until the host has answered. */
  readonly rungs: readonly RungDescription[];
  readonly byRung: Rungs;
  readonly phase: LadderPhase;
  /** The only rungs of the current run; null for all. */
  readonly only: readonly RungNumber[] | null;
  /** Null before the first run has ended, and during a run. */
  readonly outcome: LadderOutcome | null;
  /** Why the host refused to run or stop; null after the next attempt. */
  readonly problem: string | null;
  /** The break that is switched on for the next run. */
  readonly armed: LadderBreak | null;
  /** The kept run that is shown; null for the newest run. `newest` holds that one meanwhile. */
  readonly kept: Pick<LadderRun, 'startedAt' | 'target'> | null;
  readonly newest: Pick<LadderState, 'byRung' | 'outcome'> | null;
  /** The rung whose panel is shown in the middle; null for the capture. */
  readonly shown: RungNumber | null;
  /** Asks the host for its rungs and whether the ladder is running: another page may have started it. */
  readonly load: () => Promise<void>;
  /** Runs all rungs, or a single one. */
  readonly run: (only?: RungNumber) => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Applies a progress event of the host. */
  readonly take: (progress: LadderProgress) => void;
  readonly arm: (fault: LadderBreak | null) => void;
  readonly show: (rung: RungNumber | null) => void;
  /** Shows a kept run; null shows the newest again. */
  readonly open: (run: LadderRun | null) => void;
}

/** The ladder: its rungs, their results, and which one is shown. */
export const useLadder = create<LadderState>()((set, get) => ({
  rungs: [],
  byRung: idleRungs,
  phase: 'idle',
  only: null,
  outcome: null,
  problem: null,
  armed: null,
  kept: null,
  newest: null,
  shown: null,

  load: async () => {
    const { rungs, running } = await callHost('ladder.describe', {});
    set(({ phase, byRung }) => {
      if (running) return { rungs, phase: phase === 'idle' ? 'running' : phase };
      // It ended while this page was not connected, so the results of rungs that were running are unknown.
      return { rungs, phase: phase === 'starting' ? phase : 'idle', byRung: withoutLoose(byRung) };
    });
  },

  run: async (only) => {
    if (get().phase !== 'idle') return;
    get().open(null);
    const { on, ...addresses } = usePreferences.getState().ladder;
    const target = on === 'target' ? targetOf(addresses) : null;
    if (on === 'target' && target === null) {
      set({ problem: 'Your server has no address yet.' });
      return;
    }
    const { byRung } = get();
    // Only the lab can be broken.
    const armed = target === null ? get().armed : null;
    const rungs = only === undefined ? null : [only];
    const before = { byRung, only: get().only, outcome: get().outcome };
    const fault = armed !== null && (only === undefined || ladderBreaks[armed].rung === only) ? armed : null;
    set({
      phase: 'starting',
      only: rungs,
      outcome: null,
      problem: null,
      byRung: mapRungs(byRung, (view) =>
        isAsked(rungs, view.rung) ? { ...idleRung(view.rung), stage: 'waiting' } : view,
      ),
    });
    try {
      await callHost('ladder.run', {
        ...(rungs === null ? {} : { rungs }),
        ...(fault === null ? {} : { break: fault }),
        ...(target === null ? {} : { target }),
      });
      // The first progress event may already have arrived.
      set(({ phase }) => (phase === 'starting' ? { phase: 'running' } : {}));
    } catch (error) {
      set({ ...before, phase: 'idle', problem: problemOf(error) });
      // If it was refused because the ladder is already running, show that run.
      await get().load();
    }
  },

  stop: async () => {
    if (get().phase === 'idle') return;
    set({ phase: 'stopping', problem: null });
    try {
      await callHost('ladder.stop', {});
      // If nothing was running, no result will follow.
      await get().load();
    } catch (error) {
      set({ phase: 'running', problem: problemOf(error) });
    }
  },

  take: (progress) => {
    // Progress belongs to the newest run, not to a kept one.
    get().open(null);
    // Until the first rung starts, progress events still belong to the previous run.
    if (get().phase === 'starting' && progress.kind !== 'rung-started') return;
    switch (progress.kind) {
      case 'rung-started':
        set(({ phase, byRung, outcome }) => ({
          // The run may have been started by another page.
          phase: phase === 'stopping' ? phase : 'running',
          outcome: phase === 'idle' ? null : outcome,
          byRung: withRung(byRung, progress.rung, () => ({
            ...idleRung(progress.rung),
            stage: 'running',
            break: progress.break,
          })),
        }));
        return;
      case 'capture':
        set(({ byRung }) => ({
          byRung: withRung(byRung, progress.rung, (view) => ({
            ...view,
            captures: withCapture(view.captures, progress.capture),
          })),
        }));
        return;
      case 'check':
        set(({ byRung }) => ({
          byRung: withRung(byRung, progress.rung, (view) => ({
            ...view,
            checks: withCheck(view.checks, progress.check),
          })),
        }));
        return;
      case 'rung':
        set(({ byRung, only }) => ({ byRung: withResult(byRung, progress.result, only) }));
        return;
      case 'result':
        set(({ byRung, only }) => ({
          phase: 'idle',
          only: null,
          outcome: { passed: progress.passed, stopped: progress.stopped, only },
          byRung: progress.rungs.reduce((all, result) => withResult(all, result, only), byRung),
        }));
        return;
      default:
        assertNever(progress);
    }
  },

  arm: (armed) => set({ armed }),
  show: (shown) => set({ shown }),

  open: (run) => {
    const { kept, newest, byRung, outcome } = get();
    const before = newest ?? { byRung, outcome };
    if (run === null) {
      if (kept !== null) set({ ...before, kept: null, newest: null });
      return;
    }
    const { result, startedAt, target } = run;
    const { passed, stopped } = result;
    set({
      kept: { startedAt, target },
      newest: before,
      problem: null,
      outcome: { passed, stopped, only: null },
      byRung: result.rungs.reduce((all, rung) => withResult(all, rung, null), idleRungs),
    });
  },
}));

// Showing a capture closes the panel, also for the capture that is already current.
useCaptures.subscribe((now, before) => {
  if (now.shows !== before.shows) useLadder.setState({ shown: null });
});

// Results of one server say nothing about another.
usePreferences.subscribe((now, before) => {
  if (now.ladder === before.ladder || useLadder.getState().phase !== 'idle') return;
  if (JSON.stringify(now.ladder) === JSON.stringify(before.ladder)) return;
  useLadder.setState({ byRung: idleRungs, outcome: null, problem: null, kept: null, newest: null });
});

/** Loads the ladder, at the start and after a lost connection. */
export function loadLadder(): void {
  useLadder.getState().load().catch(notifyProblem);
}

/** The rung that a capture belongs to in its last run; null for none. */
export function rungOfCapture(state: Pick<LadderState, 'byRung'>, capture: CaptureId): RungNumber | null {
  for (const { rung, captures } of state.byRung.values()) {
    if (captures.some((each) => each.capture === capture)) return rung;
  }
  return null;
}
