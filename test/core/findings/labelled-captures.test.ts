import { describe, expect, test } from 'vitest';
import { Analysis } from '../../../src/core/analysis.ts';
import type { Finding } from '../../../src/core/findings/finding.ts';
import {
  type DiagnosisCase,
  caseCapture,
  diagnosisCases,
  haveDiagnosisCases,
} from '../../fixtures/diagnosis-cases.ts';

function findingsOf(one: DiagnosisCase): readonly Finding[] {
  const { header, records } = caseCapture(one);
  const analysis = new Analysis(header.request);
  for (const record of records) analysis.push(record);
  analysis.finish();
  return analysis.findings;
}

/** What is wrong with the findings of a case, in words. */
function mistakes(
  { healthy, expect: expected, mustNot }: DiagnosisCase,
  findings: readonly Finding[],
): string[] {
  const isLoud = ({ severity }: Finding): boolean => severity !== 'info';
  const missing = expected.filter((code) => !findings.some((finding) => finding.code === code));
  const forbidden = mustNot.flatMap((label) => {
    const [code, atLeast] = label.split('!');
    return findings.filter((finding) => finding.code === code && (isLoud(finding) || !(healthy || atLeast)));
  });
  const loud = findings.filter((finding) => isLoud(finding) && !expected.includes(finding.code));
  return [
    ...missing.map((code) => `${code} is not found`),
    ...forbidden.map(({ code, severity }) => `${code} is found (${severity})`),
    ...(healthy ? findings.filter(isLoud) : loud).map(({ code, severity }) => `false: ${code} (${severity})`),
  ];
}

/** Cases that need what the assemblers do not say yet. */
const waiting = new Set([
  'anthropic-duplicate-start',
  'anthropic-error-first',
  'gemini-malformed-call',
  'llamacpp-error-field',
  'mistral-tool',
  'no-done',
  'tool-same-index',
]);

describe.skipIf(!haveDiagnosisCases)('captures of real servers', () => {
  test.each(
    diagnosisCases()
      .filter(({ name }) => !waiting.has(name))
      .map((one) => [`${one.name} (${one.how})`, one] as const),
  )('finds what is labelled, and no other warning or error: %s', (_name, one) => {
    const findings = findingsOf(one);
    expect(mistakes(one, findings)).toEqual([]);
    for (const { evidence } of findings) expect(evidence.length).toBeGreaterThan(0);
  });
});
