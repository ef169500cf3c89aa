import type { JsonObject } from '../../../core/json/json-value.ts';
import { promptOf, type ResponsesRequest } from './model-request.ts';
import { sampleFor } from './schema-sample.ts';
import { fragmentsOf, replyTo, scriptedFingerprint, tokensOf } from './script.ts';

/** An event of a Responses stream. `type` is also the event type. */
export type ResponsesEvent = JsonObject & { readonly type: string };

/** The answer to a Responses request. */
export interface ResponsesAnswer {
  readonly events: readonly ResponsesEvent[];
  /** The finished `response` object. */
  readonly response: JsonObject;
}

/** Makes the answer. `created` is in s since 1970. */
export function answerResponses(request: ResponsesRequest, id: string, created: number): ResponsesAnswer {
  const prompt = typeof request.input === 'string' ? request.input : promptOf(request.input);
  const functions = (request.tools ?? []).filter(({ type }) => type === 'function');
  const calls = request.tool_choice !== 'none' && functions.length > 0;
  const events: ResponsesEvent[] = [];
  const push = (event: ResponsesEvent): void => {
    events.push({ ...event, sequence_number: events.length });
  };
  const shell = (status: string, output: readonly JsonObject[], usage: JsonObject | null): JsonObject => ({
    id,
    object: 'response',
    created_at: created,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    metadata: { scripted: scriptedFingerprint },
    model: request.model,
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage,
  });

  push({ type: 'response.created', response: shell('in_progress', [], null) });
  push({ type: 'response.in_progress', response: shell('in_progress', [], null) });
  let cut = false;
  const output: JsonObject[] = [];
  if (calls) {
    for (const [index, tool] of functions.entries()) output.push(callFunction(id, index, tool, push));
  } else {
    const all = replyTo(prompt);
    const tokens = all.slice(0, request.max_output_tokens ?? all.length);
    cut = tokens.length < all.length;
    output.push(sayText(id, tokens, cut, push));
  }
  const used = events.filter(({ type }) => type.endsWith('.delta')).length;
  const heard = tokensOf(prompt).length;
  const usage = {
    input_tokens: heard,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: used,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: heard + used,
  };
  const status = cut ? 'incomplete' : 'completed';
  const response = shell(status, output, usage);
  push({ type: `response.${status}`, response });
  return { events, response };
}

function sayText(
  responseId: string,
  tokens: readonly string[],
  cut: boolean,
  push: (event: ResponsesEvent) => void,
): JsonObject {
  const place = { item_id: `msg_${responseId}`, output_index: 0, content_index: 0 };
  const item = { id: place.item_id, type: 'message', role: 'assistant' };
  const text = tokens.join('');
  push({
    type: 'response.output_item.added',
    output_index: 0,
    item: { ...item, status: 'in_progress', content: [] },
  });
  push({ type: 'response.content_part.added', ...place, part: outputText('') });
  for (const delta of tokens) push({ type: 'response.output_text.delta', ...place, delta, logprobs: [] });
  push({ type: 'response.output_text.done', ...place, text, logprobs: [] });
  push({ type: 'response.content_part.done', ...place, part: outputText(text) });
  const done = { ...item, status: cut ? 'incomplete' : 'completed', content: [outputText(text)] };
  push({ type: 'response.output_item.done', output_index: 0, item: done });
  return done;
}

function callFunction(
  responseId: string,
  index: number,
  tool: { readonly name?: string | undefined; readonly parameters?: unknown },
  push: (event: ResponsesEvent) => void,
): JsonObject {
  const id = `fc_${responseId}_${index}`;
  const json = JSON.stringify(sampleFor(tool.parameters ?? {}));
  const item = { id, type: 'function_call', call_id: `call_scripted_${index}`, name: tool.name ?? '' };
  const place = { item_id: id, output_index: index };
  push({
    type: 'response.output_item.added',
    output_index: index,
    item: { ...item, arguments: '', status: 'in_progress' },
  });
  for (const delta of fragmentsOf(json)) {
    push({ type: 'response.function_call_arguments.delta', ...place, delta });
  }
  push({ type: 'response.function_call_arguments.done', ...place, arguments: json, name: tool.name ?? '' });
  const done = { ...item, arguments: json, status: 'completed' };
  push({ type: 'response.output_item.done', output_index: index, item: done });
  return done;
}

function outputText(text: string): JsonObject {
  return { type: 'output_text', text, annotations: [] };
}
