import type { Rule } from '../rule.ts';

/** A JSON text was cut over several events. */
export const jsonSplitAcrossEvents: Rule = {
  code: 'json-split-across-events',
  severity: 'warning',
  rung: 5,
  advice: "Clients that parse each event's data fail here: send one JSON text an event.",
  test({ facts: { split } }) {
    if (split.count === 0) return null;
    return {
      message: `${split.count} JSON ${split.count === 1 ? 'text is' : 'texts are'} cut over several events.`,
      evidence: split.first.map(({ document }) => ({ kind: 'document', document, at: null })),
    };
  },
};
