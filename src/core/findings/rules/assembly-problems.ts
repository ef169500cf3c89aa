import type { ProblemCode } from '../../llm/assembly.ts';
import type { Evidence, Finding, FindingCode } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { StreamFacts } from '../stream-facts.ts';

/** A rule over what the assembler of messages found wrong. */
function assemblyRule(code: FindingCode & ProblemCode, severity: Finding['severity'], advice: string): Rule {
  return {
    code,
    severity,
    rung: 6,
    advice,
    test({ problems, facts }) {
      const found = problems.filter((problem) => problem.code === code);
      const [first] = found;
      if (first === undefined) return null;
      return {
        message: `${first.message.charAt(0).toUpperCase()}${first.message.slice(1)}.${found.length > 1 ? ` ${found.length - 1} more like it.` : ''}`,
        evidence: [
          ...found
            .flatMap(({ seq }): Evidence[] => (seq === null ? [] : [{ kind: 'event', seq }]))
            .slice(0, 5),
          ...(found.some(({ seq }) => seq === null) ? whereItStopped(facts) : []),
        ],
      };
    },
  };
}

/** What was missing at the end is proved by the last event, after which nothing came, and by how the stream ended. */
function whereItStopped({ events, end }: StreamFacts): Evidence[] {
  const last: Evidence[] = events === 0 ? [] : [{ kind: 'event', seq: events - 1 }];
  return [...last, { kind: 'end', reason: end?.reason ?? 'complete', error: end?.error?.message ?? null }];
}

/** Rules of rung 6 whose test is the assembler's own: one a problem code. */
export const assemblyRules: readonly Rule[] = [
  assemblyRule(
    'missing-terminal-event',
    'error',
    'The answer is cut off although the connection may look fine: treat it as failed, and look at what closes the stream.',
  ),
  assemblyRule(
    'error-in-stream',
    'error',
    'The provider failed after it had answered 200: clients must look for error events, not only at the status.',
  ),
  assemblyRule(
    'tool-arguments-invalid',
    'error',
    'Do not run the tool with repaired arguments: ask the model again, or lower what it has to write in one call.',
  ),
  assemblyRule(
    'tool-index-missing',
    'warning',
    'Deltas must say which call or block they belong to, after it was announced: some compatible servers do not.',
  ),
  assemblyRule(
    'data-after-done',
    'warning',
    'Clients stop at the terminal event and never see this: look for two streams joined into one.',
  ),
  assemblyRule(
    'length-limit-reached',
    'warning',
    'Raise the limit on output tokens, or go on from where the answer stops.',
  ),
];
