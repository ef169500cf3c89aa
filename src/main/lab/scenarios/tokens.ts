import { z } from 'zod';
import { event, paced } from '../lab-event.ts';
import { answerChat } from '../scripted-model/chat-completions.ts';
import { chatRequest } from '../scripted-model/model-request.ts';
import { oneOfFirst } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';
import { deliveredAs, scenarioQuery } from './scenario-query.ts';

const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer' },
        units: { enum: ['metric', 'imperial'] },
      },
    },
  },
};

/** A chat completion that any client can open with a GET. */
export const tokens = streamRoute({
  id: 'tokens',
  path: '/scenarios/tokens',
  title: 'Chat tokens',
  description:
    'A chat completion of the scripted model, 20 tokens a second: text, or a tool call with arguments.',
  query: {
    ...scenarioQuery({ count: 1_000_000, delay: 50 }),
    answer: oneOfFirst(['text', 'tool-call']),
    prompt: z.string().max(100_000).default('Tell me what a stream is.'),
  },
  plan: (query, { requestId }) => {
    const request = chatRequest.parse({
      model: 'scripted',
      messages: [{ role: 'user', content: query.prompt }],
      stream_options: { include_usage: true },
      ...(query.answer === 'tool-call' ? { tools: [weatherTool] } : {}),
    });
    const { chunks } = answerChat(request, `chatcmpl-${requestId}`, Math.floor(Date.now() / 1000));
    const events = [...chunks.map((chunk) => event(JSON.stringify(chunk))), event('[DONE]')];
    return {
      ...deliveredAs(query),
      events: (signal) => paced(events.slice(0, query.count), query.delay, signal),
    };
  },
});
