import { breaksOfRung } from '../../../contract/ladder.ts';
import { z } from 'zod';
import { relay } from '../relay.ts';
import { oneOf, oneOfFirst, wholeNumber } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';

export const defaultPrompt = 'Say hello to the world.';

/** Rung 6: a model's stream, passed on. */
export const openaiStage = streamRoute({
  id: 'openai',
  path: '/stages/openai',
  title: 'Rung 6: OpenAI',
  description:
    'A model’s answer, called with the openai package and passed on token by token (the scripted model’s, here).',
  query: {
    api: oneOfFirst(['chat', 'responses']),
    prompt: z.string().max(100_000).default(defaultPrompt),
    /** A model that the program has opened; the scripted one where absent. */
    upstream: z.string().max(100).optional(),
    /** ms between the scripted model's tokens. */
    delay: wholeNumber({ min: 0, max: 60_000, default: 20 }),
    /** A fault of the scripted model, or another name that it does not know. */
    model: z.string().max(200).optional(),
    break: oneOf(breaksOfRung(6)),
  },
  plan: ({ api, prompt, upstream: id, delay, model, break: fault }, { parts }) => {
    const opened = parts.upstreams.get(id);
    const upstream =
      id === undefined
        ? { ...opened, model: model ?? opened.model, query: { delay: String(delay) } }
        : opened;
    const relayed = fault === 'hold-deltas' ? null : fault;
    return {
      events: (signal) => relay(parts.calls, { upstream, api, prompt, signal }, relayed),
      fault: fault === 'hold-deltas' ? 'buffer' : null,
    };
  },
});
