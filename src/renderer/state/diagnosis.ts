import { create } from 'zustand';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Diagnosis } from '../../core/findings/diagnosis.ts';
import { contentVersion, currentSummary, ofKnownCaptures, useCaptures } from './captures.ts';
import { callHost, problemOf } from './host.ts';
import { useView } from './view.ts';

export interface DiagnosisState {
  readonly capture: CaptureId | null;
  /** Null before the first answer. */
  readonly diagnosis: Diagnosis | null;
  readonly problem: string | null;
  /** What was found at worst in captures that were diagnosed, where that is more than worth knowing. */
  readonly worst: ReadonlyMap<CaptureId, 'error' | 'warning'>;
}

/** How often a capture that grows is diagnosed anew at most, ms. */
const PACE = 500;
/** Events up to which a capture is diagnosed although nobody looks at its findings: more take a while. */
const QUICK = 20_000;

const nothing = { capture: null, diagnosis: null, problem: null } as const;

/** What is wrong with the current capture. */
export const useDiagnosis = create<DiagnosisState>()(() => ({ ...nothing, worst: new Map() }));

/** What the newest answer was for: asked again only when there is more to know. */
let answered = '';
let timer: ReturnType<typeof setTimeout> | null = null;
let askedAt = Number.NEGATIVE_INFINITY;

/** Findings need the whole message: they are told at the end, and while a stream runs only to who looks at them. */
function isWanted(summary: CaptureSummary): boolean {
  if (useView.getState().tab === 'diagnose') return true;
  return summary.phase === 'ended' && summary.dispatched <= QUICK;
}

function consider(): void {
  const summary = currentSummary(useCaptures.getState());
  if (summary === null || useDiagnosis.getState().capture !== summary.id) {
    useDiagnosis.setState({ ...nothing, capture: summary?.id ?? null });
    answered = '';
  }
  if (summary === null || timer !== null || !isWanted(summary) || answered === stateOf(summary)) return;
  timer = setTimeout(() => void ask(), Math.max(0, askedAt + PACE - performance.now()));
}

async function ask(): Promise<void> {
  const summary = currentSummary(useCaptures.getState());
  askedAt = performance.now();
  try {
    if (summary === null) return;
    const diagnosis = await callHost('capture.diagnosis', { capture: summary.id });
    answered = stateOf(summary);
    if (useDiagnosis.getState().capture === summary.id) useDiagnosis.setState({ diagnosis, problem: null });
    keepWorst(summary.id, diagnosis);
  } catch (error) {
    if (summary === null) return;
    answered = stateOf(summary);
    if (useDiagnosis.getState().capture === summary.id)
      useDiagnosis.setState({ diagnosis: null, problem: problemOf(error) });
  } finally {
    timer = null;
    consider();
  }
}

/** Findings come worst first. */
function keepWorst(capture: CaptureId, { findings }: Diagnosis): void {
  // It may have been deleted meanwhile.
  if (!useCaptures.getState().byId.has(capture)) return;
  const severity = findings[0]?.severity ?? 'info';
  const known = severity === 'info' ? undefined : severity;
  useDiagnosis.setState(({ worst }) => {
    if (worst.get(capture) === known) return {};
    const kept = new Map(worst);
    if (known === undefined) kept.delete(capture);
    else kept.set(capture, known);
    return { worst: kept };
  });
}

function stateOf(summary: CaptureSummary): string {
  return `${summary.id} ${contentVersion(summary)}`;
}

useCaptures.subscribe((now, before) => {
  if (now.order !== before.order) {
    const { worst } = useDiagnosis.getState();
    const kept = ofKnownCaptures(worst, now);
    if (kept !== worst) useDiagnosis.setState({ worst: kept });
  }
  consider();
});
useView.subscribe(consider);
