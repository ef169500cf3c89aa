import type { JsonObject } from '../../../core/json/json-value.ts';
import { type ChatRequest, promptOf } from './model-request.ts';
import { sampleFor } from './schema-sample.ts';
import { fragmentsOf, replyTo, scriptedFingerprint, tokensOf } from './script.ts';

/** One choice of an answer. */
interface Choice {
  readonly deltas: readonly JsonObject[];
  readonly finishReason: string;
  readonly tokens: number;
  readonly message: JsonObject;
}

/** The answer to a chat-completions request, as chunks and as a whole. */
export interface ChatAnswer {
  /** `chat.completion.chunk` objects, in order, without the sentinel. */
  readonly chunks: readonly JsonObject[];
  /** The `chat.completion` object. */
  readonly completion: JsonObject;
}

/** Makes the answer. `created` is in s since 1970. */
export function answerChat(request: ChatRequest, id: string, created: number): ChatAnswer {
  const choices = Array.from({ length: request.n ?? 1 }, (_, index) => choiceOf(request, index));
  const promptTokens = request.messages.reduce((sum, each) => sum + tokensOf(promptOf([each])).length, 0);
  const completionTokens = choices.reduce((sum, choice) => sum + choice.tokens, 0);
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  const withUsage = request.stream_options?.include_usage === true;
  const base = { id, created, model: request.model, system_fingerprint: scriptedFingerprint };
  const chunk = (choice: readonly JsonObject[], used: JsonObject | null): JsonObject => ({
    ...base,
    object: 'chat.completion.chunk',
    choices: choice,
    ...(withUsage ? { usage: used } : {}),
  });
  const streamed = (index: number, delta: JsonObject, finish: string | null): JsonObject =>
    chunk([{ index, delta, logprobs: null, finish_reason: finish }], null);

  const chunks: JsonObject[] = [];
  // Chunks of several choices alternate, as in a real API.
  const longest = Math.max(...choices.map(({ deltas }) => deltas.length));
  for (let n = 0; n < longest; n++) {
    for (const [index, { deltas }] of choices.entries()) {
      const delta = deltas[n];
      if (delta !== undefined) chunks.push(streamed(index, delta, null));
    }
  }
  for (const [index, { finishReason }] of choices.entries()) chunks.push(streamed(index, {}, finishReason));
  if (withUsage) chunks.push(chunk([], usage));

  return {
    chunks,
    completion: {
      ...base,
      object: 'chat.completion',
      choices: choices.map(({ message, finishReason }, index) => ({
        index,
        message,
        logprobs: null,
        finish_reason: finishReason,
      })),
      usage,
    },
  };
}

function choiceOf(request: ChatRequest, index: number): Choice {
  const limit = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
  const tools = request.tool_choice === 'none' ? [] : (request.tools ?? []);
  // After the result of a tool the model answers with text.
  if (tools.length > 0 && request.messages.at(-1)?.role !== 'tool') return toolCalls(tools, index);

  const format = request.response_format;
  const all =
    format?.type === 'json_schema' || format?.type === 'json_object'
      ? fragmentsOf(JSON.stringify(sampleFor(format.json_schema?.schema ?? {})))
      : replyTo(promptOf(request.messages), index);
  const tokens = all.slice(0, limit);
  return {
    deltas: [{ role: 'assistant', content: '', refusal: null }, ...tokens.map((content) => ({ content }))],
    finishReason: tokens.length < all.length ? 'length' : 'stop',
    tokens: tokens.length,
    message: { role: 'assistant', content: tokens.join(''), refusal: null },
  };
}

/** One call of each tool, with arguments in fragments. */
function toolCalls(tools: NonNullable<ChatRequest['tools']>, choice: number): Choice {
  const calls = tools.map(({ function: { name, parameters } }, index) => ({
    index,
    id: `call_scripted_${choice}_${index}`,
    name,
    arguments: JSON.stringify(sampleFor(parameters ?? {})),
  }));
  const deltas: JsonObject[] = [{ role: 'assistant', content: null }];
  for (const { index, id, name, arguments: json } of calls) {
    deltas.push({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
    for (const fragment of fragmentsOf(json)) {
      deltas.push({ tool_calls: [{ index, function: { arguments: fragment } }] });
    }
  }
  return {
    deltas,
    finishReason: 'tool_calls',
    tokens: deltas.length - 1,
    message: {
      role: 'assistant',
      content: null,
      tool_calls: calls.map(({ id, name, arguments: json }) => ({
        id,
        type: 'function',
        function: { name, arguments: json },
      })),
    },
  };
}
