import type { Rule } from '../rule.ts';

/** No response came at all. */
export const connectionFailed: Rule = {
  code: 'connection-failed',
  severity: 'error',
  rung: 1,
  advice: 'Check the address, the port and that the server runs; the error names the step that failed.',
  test({ facts: { response, end } }) {
    if (response !== null || end === null || end.reason === 'complete' || end.reason === 'aborted')
      return null;
    const error = end.error?.message ?? null;
    return { message: error ?? 'No response came.', evidence: [{ kind: 'end', reason: end.reason, error }] };
  },
};
