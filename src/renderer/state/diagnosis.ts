import { useMemo } from 'react';
import { diagnosedAtEnd } from '../../contract/capture-summary.ts';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { Diagnosis } from '../../core/findings/diagnosis.ts';
import { type ProbedDiagnosis, withProbeVerdicts } from '../../core/findings/probe-verdict.ts';
import { contentVersion, currentSummary, useCaptures } from './captures.ts';
import type { HostQuery } from './host-queries.ts';
import { callHost } from './host.ts';
import { useProbes, verdictsOf } from './probes.ts';
import { answerOf, useHostQuery, type QueryState } from './use-host-query.ts';
import { useView } from './view.ts';

const diagnosisQuery: HostQuery<{ readonly capture: CaptureId }, Diagnosis> = {
  ask: (params) => callHost('capture.diagnosis', params),
  scope: ({ capture }) => capture,
  pace: 500,
};

/**
 * What is wrong with the current capture. Findings need the whole message, so they are read when the stream has ended,
 * and while it runs only if the Diagnose tab is shown.
 */
export function useDiagnosis(): QueryState<Diagnosis> {
  const summary = useCaptures(currentSummary);
  const isShown = useView((state) => state.tab === 'diagnose');
  return useHostQuery(
    diagnosisQuery,
    summary === null
      ? null
      : {
          params: { capture: summary.id },
          revision: contentVersion(summary),
          paused: !isShown && !(summary.phase === 'ended' && summary.dispatched <= diagnosedAtEnd),
        },
  );
}

/** The diagnosis of the current capture with the verdicts of its probes; null before the host's first answer. */
export function useProbedDiagnosis(capture: CaptureId): ProbedDiagnosis | null {
  const own = answerOf(useDiagnosis());
  const probes = useProbes((state) => state.byCapture.get(capture));
  return useMemo(() => (own === null ? null : withProbeVerdicts(own, verdictsOf(probes))), [own, probes]);
}
