import type { Rule } from '../rule.ts';

/** [spec] HTML §9.2.3: any other status than 200 fails the connection; 204 asks a client to stop. */
export const httpStatus: Rule = {
  code: 'http-status',
  severity: 'error',
  rung: 1,
  advice:
    'Read the body: servers say there what they did not like. EventSource gives up on every status but 200.',
  test({ facts: { response } }) {
    if (response === null || response.status === 200) return null;
    return {
      message: `The server answered with status ${response.status}.`,
      evidence: [{ kind: 'status', status: response.status }],
    };
  },
};
