import type { Rule } from '../rule.ts';

/** A JSON text began and nothing completed it. */
export const jsonTruncated: Rule = {
  code: 'json-truncated',
  severity: 'error',
  rung: 5,
  advice: 'Send each JSON text whole; look for a limit on size, or a cut connection, where it was made.',
  test({ facts: { truncated } }) {
    const [first] = truncated.first;
    if (first === undefined) return null;
    const more = truncated.count > 1 ? ` ${truncated.count - 1} more like it.` : '';
    return {
      message: `The JSON text of event ${first.seq} is unfinished: ${first.message} at its end.${more}`,
      evidence: truncated.first.map(({ document, at }) => ({ kind: 'document', document, at })),
    };
  },
};
