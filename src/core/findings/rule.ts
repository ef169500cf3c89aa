import type { RungNumber } from '../rungs.ts';
import type { Decider, FindingEvidence, FindingCode, Severity } from './finding.ts';
import type { DiagnosisInput } from './facts/stream-facts.ts';

/** What a rule observed. Missing members are those of the rule. */
export interface Observation {
  /** What was observed, as fact. */
  readonly message: string;
  /** At least one. */
  readonly evidence: readonly FindingEvidence[];
  readonly severity?: Severity;
  readonly causes?: readonly string[];
  readonly advice?: string;
  readonly decider?: Decider | null;
}

/** One diagnosis: gives evidence or stays silent. A healthy stream gives no error and no warning. */
export interface Rule {
  readonly code: FindingCode;
  readonly rung: RungNumber;
  readonly severity: Severity;
  /** The symptom in users' words, for the catalogue: "arrives all at once". */
  readonly known: string;
  /** How it is recognised, for the catalogue: what is measured, and the thresholds. */
  readonly recognised: string;
  readonly causes?: readonly string[];
  readonly advice: string;
  readonly decider?: Decider;
  /** The observation, or null. */
  test(diagnosed: DiagnosisInput): Observation | null;
}
