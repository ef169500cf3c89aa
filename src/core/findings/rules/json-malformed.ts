import type { Rule } from '../rule.ts';

/** A payload begins as a JSON object or array and cannot be one. */
export const jsonMalformed: Rule = {
  code: 'json-malformed',
  severity: 'error',
  rung: 5,
  advice: 'Serialise each payload with a JSON library; never put it together from strings.',
  test({ facts: { malformed } }) {
    const [first] = malformed.first;
    if (first === undefined) return null;
    const more = malformed.count > 1 ? ` ${malformed.count - 1} more like it.` : '';
    return {
      message: `Event ${first.seq} is no JSON: ${first.message} at position ${first.at ?? 0}.${more}`,
      evidence: malformed.first.map(({ document, at }) => ({ kind: 'document', document, at })),
    };
  },
};
