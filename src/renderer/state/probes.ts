import { create } from 'zustand';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { PlannedProbe } from '../../contract/probes.ts';
import type { ProbeName } from '../../core/findings/finding.ts';
import type { ProbeVerdict } from '../../core/findings/probe-verdict.ts';
import { callHost, problemOf } from './host.ts';

/** Where a probe about a capture stands. Nothing is sent before `planned` was answered with yes. */
export type ProbeState =
  | { readonly phase: 'planning' }
  | { readonly phase: 'planned'; readonly plan: PlannedProbe }
  | { readonly phase: 'running'; readonly plan: PlannedProbe }
  | { readonly phase: 'done'; readonly verdict: ProbeVerdict }
  | { readonly phase: 'refused'; readonly problem: string };

interface ProbesState {
  /** By capture and probe. */
  readonly states: ReadonlyMap<string, ProbeState>;
}

/** The probes that the user asked for. */
export const useProbes = create<ProbesState>()(() => ({ states: new Map() }));

/** The state of a probe; null where nobody asked for it. */
export function probeState({ states }: ProbesState, capture: CaptureId, probe: ProbeName): ProbeState | null {
  return states.get(`${capture} ${probe}`) ?? null;
}

/** What probes decided about a capture. */
export function verdictsOf({ states }: ProbesState, capture: CaptureId): readonly ProbeVerdict[] {
  return [...states].flatMap(([key, state]) =>
    key.startsWith(`${capture} `) && state.phase === 'done' ? [state.verdict] : [],
  );
}

/** Asks the host what the probe would send, so that the user can decide. */
export async function planProbe(capture: CaptureId, probe: ProbeName): Promise<void> {
  set(capture, probe, { phase: 'planning' });
  try {
    const plan = (await callHost('probe.plan', { capture })).find((one) => one.probe === probe);
    if (plan === undefined) set(capture, probe, null);
    else if (plan.skipped === null) set(capture, probe, { phase: 'planned', plan });
    else set(capture, probe, { phase: 'refused', problem: plan.skipped });
  } catch (error) {
    set(capture, probe, { phase: 'refused', problem: problemOf(error) });
  }
}

/** Sends the planned probe. */
export async function sendProbe(capture: CaptureId, plan: PlannedProbe): Promise<void> {
  const { probe } = plan;
  set(capture, probe, { phase: 'running', plan });
  try {
    set(capture, probe, { phase: 'done', verdict: await callHost('probe.run', { capture, probe }) });
  } catch (error) {
    set(capture, probe, { phase: 'refused', problem: problemOf(error) });
  }
}

/** Takes the question back. */
export function dropProbe(capture: CaptureId, probe: ProbeName): void {
  set(capture, probe, null);
}

function set(capture: CaptureId, probe: ProbeName, state: ProbeState | null): void {
  useProbes.setState(({ states }) => {
    const next = new Map(states);
    if (state === null) next.delete(`${capture} ${probe}`);
    else next.set(`${capture} ${probe}`, state);
    return { states: next };
  });
}
