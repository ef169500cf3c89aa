import { useEffect, useRef, useState } from 'react';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { callHost, problemOf } from '../state/host.ts';

/** How often a live capture is diagnosed anew at most, ms. */
const PACE = 500;

interface Diagnosis {
  /** Null before the first answer. */
  readonly findings: readonly Finding[] | null;
  readonly problem: string | null;
}

/** The findings of a capture, asked for anew at a calm pace while it grows, and once more when it ends. */
export function useFindings({ id, phase, rows }: CaptureSummary): Diagnosis {
  const [diagnosis, setDiagnosis] = useState<Diagnosis>({ findings: null, problem: null });
  const askedAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(
      () => {
        askedAt.current = performance.now();
        callHost('capture.findings', { capture: id }).then(
          (findings) => wanted && setDiagnosis({ findings, problem: null }),
          (error: unknown) => wanted && setDiagnosis({ findings: null, problem: problemOf(error) }),
        );
      },
      Math.max(0, askedAt.current + PACE - performance.now()),
    );
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [id, phase, rows.events]);
  return diagnosis;
}
