import type { Finding, FindingCode, Rung } from './finding.ts';
import type { Diagnosed } from './stream-facts.ts';

/** One diagnosis: gives evidence or stays silent. A healthy stream gives no error and no warning. */
export interface Rule {
  readonly code: FindingCode;
  readonly severity: Finding['severity'];
  readonly rung: Rung;
  readonly advice: string;
  /** What is wrong and what proves it; null where nothing is. */
  test(diagnosed: Diagnosed): Pick<Finding, 'message' | 'evidence'> | null;
}
