import { type Finding, type FindingCode, severities } from './finding.ts';
import type { Rule } from './rule.ts';
import type { DiagnosisInput } from './facts/stream-facts.ts';
import { browserRules } from './rules/browser.ts';
import { endingRules } from './rules/ending.ts';
import { endpointRules } from './rules/endpoint.ts';
import { framingRules } from './rules/framing.ts';
import { jsonRules } from './rules/json.ts';
import { messageRules } from './rules/message.ts';
import { timingRules } from './rules/timing.ts';

/** All rules, in the order of the ladder: one file per rung. */
export const rules: readonly Rule[] = [
  ...endpointRules,
  ...browserRules,
  ...framingRules,
  ...timingRules,
  ...jsonRules,
  ...messageRules,
  ...endingRules,
];

/** The rule with a code. */
export function ruleOf(code: FindingCode): Rule {
  const rule = rules.find((candidate) => candidate.code === code);
  if (rule === undefined) throw new Error(`Rule ${code} does not exist.`);
  return rule;
}

/** The findings of a stream, in the order of the ladder; empty for a healthy stream. */
export function diagnose(diagnosed: DiagnosisInput): readonly Finding[] {
  return rules.flatMap((rule) => {
    const found = rule.test(diagnosed);
    if (found === null) return [];
    const { code, rung } = rule;
    return [
      {
        code,
        severity: found.severity ?? rule.severity,
        rung,
        message: found.message,
        evidence: found.evidence,
        causes: found.causes ?? rule.causes ?? [],
        advice: found.advice ?? rule.advice,
        decider: found.decider === undefined ? (rule.decider ?? null) : found.decider,
      },
    ];
  });
}

/** Findings with the worst first; within a severity in the order of the ladder. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
