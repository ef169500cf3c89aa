import { breaksOfRung } from '../../../contract/ladder.ts';
import { z } from 'zod';
import { relay } from '../relay.ts';
import { oneOf, oneOfFirst, wholeNumber } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';

export const defaultPrompt = 'Say hello to the world.';

/** Rung 6: relays the stream of a model. */
export const openaiStage = streamRoute({
  id: 'openai',
  path: '/stages/openai',
  title: 'Rung 6: OpenAI',
  description:
    'Calls a model with the openai package and passes its answer on token by token. Here it calls the scripted model.',
  query: {
    api: oneOfFirst(['chat', 'responses']),
    prompt: z.string().max(100_000).default(defaultPrompt),
    /** Id of a model that the program has opened; the scripted model if absent. */
    upstream: z.string().max(100).optional(),
    /** ms between the scripted model's tokens. */
    delay: wholeNumber({ min: 0, max: 60_000, default: 20 }),
    /** Model name for the scripted model: selects a fault, or is unknown to it. */
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
