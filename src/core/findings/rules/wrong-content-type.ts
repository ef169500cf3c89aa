import type { Rule } from '../rule.ts';

/** [spec] HTML §9.2.3: a Content-Type that is not text/event-stream fails the connection. JSON lines are a framing of their own. */
export const wrongContentType: Rule = {
  code: 'wrong-content-type',
  severity: 'error',
  rung: 1,
  advice: "Send Content-Type: text/event-stream. A browser's EventSource refuses anything else.",
  test({ facts: { response, events } }) {
    if (response === null || response.status !== 200 || events === 0) return null;
    const value = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    const essence = (value.split(';')[0] ?? '').trim().toLowerCase();
    if (essence === 'text/event-stream' || essence.endsWith('ndjson') || essence.endsWith('jsonl'))
      return null;
    return {
      message: value === '' ? 'The response has no Content-Type.' : `The response says that it is ${value}.`,
      evidence: [{ kind: 'header', name: 'content-type', value }],
    };
  },
};
