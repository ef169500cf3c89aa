import type { Rule } from '../rule.ts';

/** [spec] HTML §9.2.6: pending data at the end of the stream is discarded. */
export const eventWithoutBlankLine: Rule = {
  code: 'event-without-blank-line',
  severity: 'error',
  rung: 3,
  advice:
    'End every event with a blank line, the last one too: the standard discards what is unfinished, and only some SDKs show it.',
  test({ facts: { unfinished } }) {
    if (unfinished.count === 0) return null;
    return {
      message: 'The stream ends inside an event, which is discarded: its blank line is missing.',
      evidence: unfinished.first.map(({ start, end }) => ({ kind: 'bytes', start, end })),
    };
  },
};
