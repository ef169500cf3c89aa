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

/** How the last climb ended. */
export interface LadderOutcome {
  readonly passed: boolean;
  readonly stopped: boolean;
  /** The only rungs that were asked for; null for all. */
  readonly only: readonly RungNumber[] | null;
}

export interface LadderState {
  /** What each rung is about; empty until the host has said so. */
  readonly rungs: readonly RungDescription[];
  readonly byRung: Rungs;
  readonly phase: LadderPhase;
  /** The only rungs of the climb that goes on; null for all. */
  readonly only: readonly RungNumber[] | null;
  /** Null until a climb has ended, and while one goes on. */
  readonly outcome: LadderOutcome | null;
  /** Why the host would not climb, or stop; null once it was tried again. */
  readonly problem: string | null;
  /** The break that is switched on for the next climb. */
  readonly armed: LadderBreak | null;
  /** The kept run whose rungs are shown; null for the newest, which `newest` keeps meanwhile. */
  readonly kept: Pick<LadderRun, 'startedAt' | 'target'> | null;
  readonly newest: Pick<LadderState, 'byRung' | 'outcome'> | null;
  /** The rung whose panel stands in the middle; null for the capture. */
  readonly shown: RungNumber | null;
  /** Asks the host what there is, and whether it climbs already: another page may have begun. */
  readonly load: () => Promise<void>;
  /** Climbs all rungs, or one alone. */
  readonly run: (only?: RungNumber) => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Takes in a piece of the host's news. */
  readonly take: (progress: LadderProgress) => void;
  readonly arm: (fault: LadderBreak | null) => void;
  readonly show: (rung: RungNumber | null) => void;
  /** Shows a run that was kept; with null the newest again. */
  readonly open: (run: LadderRun | null) => void;
}

/** The ladder: its rungs, how each came out, and which of them is looked at. */
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
      // It ended while nobody listened: what was under way has no end that is known here.
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
    // A server of one's own is as it is.
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
      // The first news may be here already.
      set(({ phase }) => (phase === 'starting' ? { phase: 'running' } : {}));
    } catch (error) {
      set({ ...before, phase: 'idle', problem: problemOf(error) });
      // Where it is refused as it runs already, show that run.
      await get().load();
    }
  },

  stop: async () => {
    if (get().phase === 'idle') return;
    set({ phase: 'stopping', problem: null });
    try {
      await callHost('ladder.stop', {});
      // Where the host had nothing to stop there is no result to wait for.
      await get().load();
    } catch (error) {
      set({ phase: 'running', problem: problemOf(error) });
    }
  },

  take: (progress) => {
    // What happens now is not part of a run that was kept.
    get().open(null);
    // What comes between the click and the first rung is still the climb before.
    if (get().phase === 'starting' && progress.kind !== 'rung-started') return;
    switch (progress.kind) {
      case 'rung-started':
        set(({ phase, byRung, outcome }) => ({
          // A climb that another page began is watched from here too.
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

// Whoever asks for a capture wants to see it, also where it is the one behind the panel.
useCaptures.subscribe((now, before) => {
  if (now.asked !== before.asked) useLadder.setState({ shown: null });
});

// What the rungs of one server came to says nothing about those of another.
usePreferences.subscribe((now, before) => {
  if (now.ladder === before.ladder || useLadder.getState().phase !== 'idle') return;
  if (JSON.stringify(now.ladder) === JSON.stringify(before.ladder)) return;
  useLadder.setState({ byRung: idleRungs, outcome: null, problem: null, kept: null, newest: null });
});

/** What the ladder is, asked again where it was out of reach for a while. */
export function loadLadder(): void {
  useLadder.getState().load().catch(notifyProblem);
}

/** The rung whose run a capture is, as far as its last climb goes. */
export function rungOfCapture(state: Pick<LadderState, 'byRung'>, capture: CaptureId): RungNumber | null {
  for (const { rung, captures } of state.byRung.values()) {
    if (captures.some((each) => each.capture === capture)) return rung;
  }
  return null;
}
