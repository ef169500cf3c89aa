import { create } from 'zustand';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { PlannedProbe } from '../../contract/probes.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { ProbeName } from '../../core/findings/finding.ts';
import type { ProbeVerdict } from '../../core/findings/probe-verdict.ts';
import { ofKnownCaptures, useCaptures } from './captures.ts';
import { callHost, notifyProblem, problemOf } from './host.ts';

/** The state of a probe about a capture. Nothing is sent before the user agrees to the plan. */
export type ProbeState =
  | { readonly phase: 'planning' }
  | { readonly phase: 'planned'; readonly plan: PlannedProbe }
  | { readonly phase: 'running'; readonly plan: PlannedProbe }
  | { readonly phase: 'done'; readonly verdict: ProbeVerdict }
  /** `isBusy`: the host is sending another probe, perhaps one that this page started before it was reloaded. */
  | { readonly phase: 'refused'; readonly problem: string; readonly isBusy: boolean };

type ProbeStates = ReadonlyMap<ProbeName, ProbeState>;

interface ProbesState {
  readonly byCapture: ReadonlyMap<CaptureId, ProbeStates>;
}

/** The probes that the user requested, of captures that exist. */
export const useProbes = create<ProbesState>()(() => ({ byCapture: new Map() }));

/** The verdicts of finished probes. */
export function verdictsOf(states: ProbeStates | undefined): readonly ProbeVerdict[] {
  return [...(states?.values() ?? [])].flatMap((state) => (state.phase === 'done' ? [state.verdict] : []));
}

/** Asks the host what the probe would send, so that the user can decide. */
export async function planProbe(capture: CaptureId, probe: ProbeName): Promise<void> {
  set(capture, probe, { phase: 'planning' });
  try {
    const plan = (await callHost('probe.plan', { capture })).find((one) => one.probe === probe);
    if (plan === undefined) set(capture, probe, null);
    else if (plan.skipped === null) set(capture, probe, { phase: 'planned', plan });
    else set(capture, probe, { phase: 'refused', problem: plan.skipped, isBusy: false });
  } catch (error) {
    set(capture, probe, refusedBy(error));
  }
}

/** Sends the planned probe. */
export async function sendProbe(capture: CaptureId, plan: PlannedProbe): Promise<void> {
  const { probe } = plan;
  set(capture, probe, { phase: 'running', plan });
  try {
    set(capture, probe, { phase: 'done', verdict: await callHost('probe.run', { capture, probe }) });
  } catch (error) {
    set(capture, probe, refusedBy(error));
  }
}

/** Stops the probe that the host is sending. */
export async function stopProbe(): Promise<void> {
  await callHost('probe.stop', {}).catch(notifyProblem);
}

/** Discards a probe that was planned, refused or finished. */
export function dropProbe(capture: CaptureId, probe: ProbeName): void {
  set(capture, probe, null);
}

function refusedBy(error: unknown): ProbeState {
  const isBusy = error instanceof Refusal && error.code === 'busy';
  return { phase: 'refused', problem: problemOf(error), isBusy };
}

function set(capture: CaptureId, probe: ProbeName, state: ProbeState | null): void {
  // An answer may come after the capture was deleted.
  if (!useCaptures.getState().byId.has(capture)) return;
  useProbes.setState(({ byCapture }) => {
    const states = new Map(byCapture.get(capture));
    if (state === null) states.delete(probe);
    else states.set(probe, state);
    return { byCapture: new Map(byCapture).set(capture, states) };
  });
}

useCaptures.subscribe((now, before) => {
  if (now.order === before.order) return;
  const { byCapture } = useProbes.getState();
  const kept = ofKnownCaptures(byCapture, now);
  if (kept !== byCapture) useProbes.setState({ byCapture: kept });
});
