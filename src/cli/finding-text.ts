import { evidenceText } from '../core/findings/evidence-text.ts';
import type { Severity } from '../core/findings/finding.ts';
import type { ProbedFinding } from '../core/findings/probe-verdict.ts';
import type { Output } from './output.ts';
import { type Line, type Style, styled } from './styled-text.ts';

const severityStyles: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** Prints a finding for people: all there is to know of it, wrapped to the terminal. */
export async function printFinding(output: Output, finding: ProbedFinding): Promise<void> {
  for (const line of findingLines(finding)) await output.writeLine(line, 6);
  await output.writeLine('');
}

/** The lines of a finding, not wrapped. They can contain text of the stream. */
export function findingLines({
  severity,
  code,
  rung,
  message,
  evidence,
  causes,
  advice,
  decider,
  decided = [],
  probe,
}: ProbedFinding): Line[] {
  const where = `(rung ${rung}${probe === undefined ? '' : `, seen by probe ${probe}`})`;
  return [
    [styled(severityStyles[severity], severity), ' ', styled('bold', code), ' ', styled('dim', where)],
    `  ${message}`,
    `  Evidence: ${evidence.map(evidenceText).join('; ')}`,
    ...(causes.length === 0 ? [] : ['  May be caused by:', ...causes.map((cause) => `    - ${cause}`)]),
    `  What to do: ${advice}`,
    // A probe has already decided it.
    ...(decider === null || decided.length > 0 ? [] : [`  To decide: ${decider.text}`]),
    ...decided.map(({ probe, text }) => `  Probe ${probe}: ${text}`),
  ];
}
