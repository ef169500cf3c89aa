import { z } from 'zod';
import { type LabEvent, pause } from '../lab-event.ts';
import { replyTo, scriptedModel } from '../scripted-model/script.ts';
import { oneOf, wholeNumber } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';

const encoder = new TextEncoder();

/** The scripted model's answer as JSON lines in the format of Ollama's chat API, a line for each token. */
export const ndjson = streamRoute({
  id: 'ndjson',
  path: '/scenarios/ndjson',
  title: 'JSON lines',
  description:
    'NDJSON in the format of Ollama instead of an event stream: a line of JSON for each token, 20 a second.',
  query: {
    /** Maximum number of lines. */
    count: wholeNumber({ min: 0, max: 1_000_000, default: 1_000_000 }),
    /** ms between two lines. */
    delay: wholeNumber({ min: 0, max: 600_000, default: 50 }),
    prompt: z.string().max(100_000).default('Tell me what a stream is.'),
    break: oneOf([
      'wrong-content-type',
      'http-status',
      'drop-event',
      'utf8-broken',
      'buffer',
      'premature-close',
    ]),
  },
  plan: ({ count, delay, prompt, break: fault }) => ({
    framing: 'ndjson',
    fault,
    cors: true,
    events: (signal) => lines(prompt, count, delay, signal),
  }),
});

async function* lines(
  prompt: string,
  count: number,
  delay: number,
  signal: AbortSignal,
): AsyncGenerator<LabEvent> {
  const tokens = replyTo(prompt);
  const beganAt = Date.now();
  for (let n = 0; n <= tokens.length && n < count; n++) {
    if (n > 0 && delay > 0) await pause(delay, signal);
    const token = tokens[n];
    const said = { model: scriptedModel, created_at: new Date().toISOString() };
    const message = { role: 'assistant', content: token ?? '' };
    const text = JSON.stringify(
      token === undefined
        ? { ...said, message, done: true, ...figures(prompt, tokens.length, Date.now() - beganAt) }
        : { ...said, message, done: false },
    );
    yield { kind: 'bytes', bytes: encoder.encode(`${text}\n`), text };
  }
}

/** The figures in the last line, durations in ns. */
function figures(prompt: string, tokens: number, ms: number): object {
  return {
    done_reason: 'stop',
    total_duration: ms * 1e6,
    prompt_eval_count: prompt.split(/\s+/).length,
    eval_count: tokens,
    eval_duration: ms * 1e6,
  };
}
