import type { Rule } from '../rule.ts';

/** The connection closed before the body was over. */
export const prematureClose: Rule = {
  code: 'premature-close',
  severity: 'error',
  rung: 7,
  advice:
    'Something between the server and here closed the connection: look for a crash, an idle timeout or a time limit near this duration.',
  test({ facts: { end } }) {
    if (end?.reason !== 'premature-close') return null;
    const error = end.error?.message ?? null;
    return {
      message: `The connection closed before the body was over${end.at === null ? '' : `, after ${(end.at / 1000).toFixed(1)} s`}.`,
      evidence: [{ kind: 'end', reason: end.reason, error }],
    };
  },
};
