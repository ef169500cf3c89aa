import { useMemo } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { type ProbedDiagnosis, withProbeVerdicts } from '../../core/findings/probe-verdict.ts';
import { useDiagnosis } from '../state/diagnosis.ts';
import { useProbes, verdictsOf } from '../state/probes.ts';
import { answerOf } from '../state/use-host-query.ts';

/** The diagnosis of the current capture together with what its probes decided; null before the host's first answer. */
export function useProbedDiagnosis(capture: CaptureId): ProbedDiagnosis | null {
  const own = answerOf(useDiagnosis());
  const probes = useProbes((state) => state.byCapture.get(capture));
  return useMemo(() => (own === null ? null : withProbeVerdicts(own, verdictsOf(probes))), [own, probes]);
}
