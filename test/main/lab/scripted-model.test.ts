import OpenAI, {
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import { expect, test } from 'vitest';
import { scriptedFingerprint } from '../../../src/main/lab/scripted-model/script.ts';
import { labUnderTest } from './lab-under-test.ts';

async function client(): Promise<OpenAI> {
  const lab = await labUnderTest();
  return new OpenAI({
    baseURL: `${lab.origin}/v1`,
    apiKey: 'any',
    maxRetries: 0,
    logLevel: 'off',
    defaultQuery: { delay: '0' },
  });
}

const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer', minimum: 3 },
        __proto__x: { const: 1 },
      },
    },
  },
};
const hello = [{ role: 'user' as const, content: 'Grüezi 🌍' }];

test('the openai package accumulates the same message from a stream as it gets at once', async () => {
  const openai = await client();
  const streamed = await openai.chat.completions
    .stream({ model: 'scripted', messages: hello })
    .finalChatCompletion();
  const whole = await openai.chat.completions.create({ model: 'scripted', messages: hello });
  expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
  expect(whole.choices[0]?.message.content).toContain('You said: “Grüezi 🌍”');
  expect(whole.choices[0]?.message.content).toContain('not a language model');
  expect(streamed.system_fingerprint).toBe(scriptedFingerprint);
});

test('usage comes in a last chunk without choices, when it is asked for', async () => {
  const openai = await client();
  const request = { model: 'scripted', messages: hello, stream: true } as const;
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of await openai.chat.completions.create({
    ...request,
    stream_options: { include_usage: true },
  })) {
    chunks.push(chunk);
  }
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 2 } });
  expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  for await (const chunk of await openai.chat.completions.create(request))
    expect(chunk).not.toHaveProperty('usage');
});

test('tools are called in parallel with arguments that fit their schemas', async () => {
  const openai = await client();
  const { choices } = await openai.chat.completions
    .stream({ model: 'scripted', messages: hello, tools: [weather, weather] })
    .finalChatCompletion();
  expect(choices[0]?.finish_reason).toBe('tool_calls');
  const calls = choices[0]?.message.tool_calls ?? [];
  expect(calls).toHaveLength(2);
  for (const call of calls) {
    if (call.type !== 'function') throw new Error('no function call');
    expect(JSON.parse(call.function.arguments)).toEqual({ city: 'scripted city', days: 3, __proto__x: 1 });
  }
});

test('several choices alternate, and a token limit is a finish reason', async () => {
  const openai = await client();
  const { choices } = await openai.chat.completions
    .stream({ model: 'scripted', messages: hello, n: 2, max_tokens: 3 })
    .finalChatCompletion();
  expect(choices.map(({ finish_reason: reason }) => reason)).toEqual(['length', 'length']);
});

test('structured output is JSON of the schema', async () => {
  const openai = await client();
  const schema = { type: 'object', properties: { ok: { type: 'boolean' } } };
  const { choices } = await openai.chat.completions.create({
    model: 'scripted',
    messages: hello,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
  });
  expect(choices[0]?.message.content).toBe('{"ok":true}');
});

test('the Responses stream of the openai package ends with what its deltas add up to', async () => {
  const openai = await client();
  let text = '';
  const stream = openai.responses.stream({ model: 'scripted', input: 'Grüezi' });
  stream.on('response.output_text.delta', ({ delta }) => {
    text += delta;
  });
  const response = await stream.finalResponse();
  expect(response.status).toBe('completed');
  expect(response.output_text).toBe(text);
  expect(text).toContain('“Grüezi”');
});

test('a function call of the Responses API has its arguments in fragments and whole', async () => {
  const openai = await client();
  const tool = {
    type: 'function' as const,
    name: 'get_weather',
    parameters: weather.function.parameters,
    strict: false,
  };
  let json = '';
  const stream = openai.responses.stream({ model: 'scripted', input: 'x', tools: [tool] });
  stream.on('response.function_call_arguments.delta', ({ delta }) => {
    json += delta;
  });
  const { output } = await stream.finalResponse();
  expect(output[0]).toMatchObject({ type: 'function_call', name: 'get_weather', arguments: json });
  expect(JSON.parse(json)).toMatchObject({ city: 'scripted city' });
});

test('errors before the stream have the classes that the openai package gives real ones', async () => {
  const openai = await client();
  const ask = (model: string): Promise<unknown> =>
    openai.chat.completions.create({ model, messages: hello, stream: true }).catch((error: unknown) => error);
  expect(await ask('scripted/unauthorized')).toBeInstanceOf(AuthenticationError);
  expect(await ask('scripted/rate-limit')).toBeInstanceOf(RateLimitError);
  expect(await ask('scripted/server-error')).toBeInstanceOf(InternalServerError);
  expect(await ask('gpt-4')).toBeInstanceOf(NotFoundError);
  expect(await ask('scripted/nothing')).toBeInstanceOf(NotFoundError);
  expect(
    await openai.chat.completions.create({ model: 'scripted', messages: [] }).catch((e: unknown) => e),
  ).toBeInstanceOf(BadRequestError);
});

test('a request without a key or with a body that is not JSON gets an error of the API', async () => {
  const { origin } = await labUnderTest();
  const url = `${origin}/v1/chat/completions`;
  const headers = { 'content-type': 'application/json' };
  const noKey = await fetch(url, { method: 'POST', headers, body: '{}' });
  expect(noKey.status).toBe(401);
  expect(await noKey.text()).toContain('Authorization');
  const broken = await fetch(url, {
    method: 'POST',
    headers: { ...headers, authorization: 'Bearer x' },
    body: '{',
  });
  expect(broken.status).toBe(400);
  expect(await broken.text()).toContain('JSON');
});

test('the list of models includes the faults', async () => {
  const openai = await client();
  const models = (await openai.models.list()).data.map(({ id }) => id);
  expect(models).toContain('scripted');
  expect(models).toContain('scripted/rate-limit');
});
