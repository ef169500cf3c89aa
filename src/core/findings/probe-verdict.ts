import { type Diagnosis, isFailure, type RungVerdict } from './diagnosis.ts';
import { worstFirst } from './diagnose.ts';
import type { Finding, FindingCode, ProbeName } from './finding.ts';

/** What a probe decided. */
export interface ProbeVerdict {
  readonly probe: ProbeName;
  /**
   * - `decided`: it answered its question. `undecided`: it was sent, but its outcome fits several answers.
   * - `skipped`: it could not be sent. `failed`: it was sent but got no answer.
   */
  readonly state: 'decided' | 'undecided' | 'skipped' | 'failed';
  /** One sentence: what was seen and what it means, or why there is no answer. */
  readonly text: string;
  /** Findings of the first capture that it is about. */
  readonly about: readonly FindingCode[];
  /** Findings of the probe's capture that the first capture does not have. */
  readonly findings: readonly Finding[];
  /** Its verdict on the rung that only it can judge, or null. */
  readonly rung: Pick<RungVerdict, 'rung' | 'state' | 'text' | 'checks'> | null;
  /** Ids or paths of its captures, in order; empty if none was kept. */
  readonly captures: readonly string[];
}

/** A finding with what probes decided about it. */
export interface ProbedFinding extends Finding {
  readonly decided?: readonly { readonly probe: ProbeName; readonly text: string }[];
  /** The probe whose capture has the finding and its evidence. */
  readonly probe?: ProbeName;
}

/** A diagnosis with the verdicts of probes. */
export interface ProbedDiagnosis extends Diagnosis {
  readonly findings: readonly ProbedFinding[];
}

/** Adds the verdicts of probes to the diagnosis of a capture: to rungs that they judge, and to findings that they are about. */
export function withProbeVerdicts(diagnosis: Diagnosis, verdicts: readonly ProbeVerdict[]): ProbedDiagnosis {
  if (verdicts.length === 0) return diagnosis;
  const known = new Set(diagnosis.findings.map(({ code }) => code));
  const own = diagnosis.findings.map((finding): ProbedFinding => {
    const decided = verdicts
      .filter(({ state, about }) => state !== 'skipped' && about.includes(finding.code))
      .map(({ probe, text }) => ({ probe, text }));
    return decided.length === 0 ? finding : { ...finding, decided };
  });
  const added = verdicts.flatMap(({ probe, findings }) =>
    findings.filter(({ code }) => !known.has(code)).map((finding): ProbedFinding => ({ ...finding, probe })),
  );
  const rungs = diagnosis.rungs.map((rung) => judgedRung(rung, verdicts, added));
  return { ...diagnosis, rungs, findings: worstFirst([...own, ...added]) };
}

/** A rung with the verdicts of probes. A failure in the first capture stays a failure. */
function judgedRung(
  rung: RungVerdict,
  verdicts: readonly ProbeVerdict[],
  added: readonly ProbedFinding[],
): RungVerdict {
  if (rung.state === 'failed') return rung;
  const judged = verdicts.find((verdict) => verdict.rung?.rung === rung.rung)?.rung;
  if (judged !== undefined && judged !== null) return { ...rung, ...judged };
  const failure = added.find((finding) => finding.rung === rung.rung && isFailure(finding));
  if (failure === undefined) return rung;
  const check = { name: `probe ${failure.probe}`, passed: false, evidence: failure.message };
  return {
    ...rung,
    state: 'failed',
    text: `${failure.code}: ${failure.message}`,
    checks: [...rung.checks, check],
  };
}
