import type { Rule } from '../rule.ts';

/** Bytes came, and not one event was dispatched. Of JSON lines that are all blank there is nothing to say. */
export const noEvents: Rule = {
  code: 'no-events',
  severity: 'error',
  rung: 3,
  advice:
    'Is the body an event stream? Each event needs a line that begins with data: and a blank line behind it.',
  test({ facts: { response, framing, bytes, events, end, undecoded } }) {
    if (framing === 'ndjson' || undecoded !== null) return null;
    if (bytes === 0 || events > 0 || end === null || (response !== null && response.status !== 200))
      return null;
    return {
      message: `${bytes} bytes came and no event.`,
      evidence: [{ kind: 'bytes', start: 0, end: bytes }],
    };
  },
};
