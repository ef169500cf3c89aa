import type { LadderResult, RungResult } from '../../contract/ladder.ts';
import type { CheckState, LadderComparison, LadderRun, LadderRunSummary } from '../../contract/ladder-run.ts';
import { redactUrl } from '../../core/capture/redact-text.ts';
import { newCaptureId } from '../captures/new-capture-id.ts';
import { ladderRunId } from '../../contract/ladder-run.ts';
import { streamRequest, type Target } from './target/target.ts';

/** Makes the run to keep. */
export function ladderRun(result: LadderResult, startedAt: Date, target: Target | null): LadderRun {
  return {
    format: 'sse-ladder-run',
    version: 1,
    id: ladderRunId.parse(newCaptureId(startedAt)),
    startedAt: startedAt.toISOString(),
    target:
      target === null
        ? null
        : [...target].map(([rung, request]) => {
            const { method, url } = streamRequest(request);
            return { rung, method, url: redactUrl(url.href) };
          }),
    result,
  };
}

export function summaryOf({ id, startedAt, target, result }: LadderRun): LadderRunSummary {
  const { passed, stopped, rungs } = result;
  return { id, startedAt, target, passed, stopped, states: rungs.map(({ state }) => state) };
}

/** Compares the outcomes of two runs. */
export function compareLadderRuns(a: LadderRun, b: LadderRun): LadderComparison {
  const rungs = a.result.rungs.map((rung, index) => {
    const other = b.result.rungs[index] ?? rung;
    return { rung: rung.rung, a: rung.state, b: other.state, checks: differingChecks(rung, other) };
  });
  return { a: summaryOf(a), b: summaryOf(b), rungs };
}

function differingChecks(a: RungResult, b: RungResult): LadderComparison['rungs'][number]['checks'] {
  const [inA, inB] = [checkStates(a), checkStates(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .map((name) => ({ name, a: inA.get(name) ?? 'absent', b: inB.get(name) ?? 'absent' }))
    .filter((check) => check.a !== check.b);
}

/** States by name. A check that was made several times fails if any of them failed. */
function checkStates({ checks, unchecked = [] }: RungResult): ReadonlyMap<string, CheckState> {
  const states = new Map<string, CheckState>();
  for (const { name, passed } of checks)
    if (states.get(name) !== 'failed') states.set(name, passed ? 'passed' : 'failed');
  for (const { name } of unchecked) if (!states.has(name)) states.set(name, 'unchecked');
  return states;
}
