import { mediaType } from '../../framing.ts';
import type { Rule } from '../rule.ts';

/** [spec] HTML §9.2.3: a Content-Type that is not text/event-stream fails the connection. JSON lines are no event stream. */
export const wrongContentType: Rule = {
  code: 'wrong-content-type',
  severity: 'error',
  rung: 1,
  advice: "Send Content-Type: text/event-stream. A browser's EventSource refuses anything else.",
  test({ facts: { response, framing, events } }) {
    if (response === null || response.status !== 200 || events === 0 || framing === 'ndjson') return null;
    const value = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    if (mediaType(value) === 'text/event-stream') return null;
    return {
      message: value === '' ? 'The response has no Content-Type.' : `The response says that it is ${value}.`,
      evidence: [{ kind: 'header', name: 'content-type', value }],
    };
  },
};
