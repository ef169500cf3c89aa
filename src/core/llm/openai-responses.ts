import {
  isJsonObject,
  type JsonObject,
  indexMember,
  objectMember,
  stringMember,
} from '../json/json-value.ts';
import type { Assembler, LlmEvent, Problems } from './assembly.ts';
import { tokensMember, type Dialect, type PayloadOutput } from './dialect.ts';
import { newMessage, type Message } from './message.ts';
import { errorSentence, eventError, providerError } from './provider-error.ts';
import { ResponseItems, type TextPlace } from './response-items.ts';
import { SequenceNumbers } from './sequence-numbers.ts';

/** Text events, without the last word of their type, and the part that they belong to. */
const textEvents = new Map<string, TextPlace>([
  ['response.output_text', { kind: 'text', index: 'content_index', whole: 'text' }],
  ['response.refusal', { kind: 'refusal', index: 'content_index', whole: 'refusal' }],
  ['response.reasoning_text', { kind: 'reasoning', index: 'content_index', whole: 'text' }],
  ['response.reasoning_summary_text', { kind: 'reasoning', index: 'summary_index', whole: 'text' }],
]);

/** Argument events, without the last word of their type, and the member with the complete arguments at the end. */
const argumentEvents = new Map<string, 'arguments' | 'input'>([
  ['response.function_call_arguments', 'arguments'],
  ['response.mcp_call_arguments', 'arguments'],
  ['response.custom_tool_call_input', 'input'],
]);

/**
 * OpenAI's Responses API: output items by `output_index`, each with parts, their deltas and the complete text
 * (`.done`). `response.completed`, `.incomplete` or `.failed` ends it.
 */
class OpenAiResponsesAssembler implements Assembler {
  readonly messages: Message[] = [];
  terminated = false;
  readonly #problems: Problems;
  #response: { readonly message: Message; readonly items: ResponseItems } | null = null;
  readonly #numbers: SequenceNumbers;

  constructor(problems: Problems) {
    this.#problems = problems;
    this.#numbers = new SequenceNumbers(problems);
  }

  push(event: LlmEvent): void {
    const { seq, type: eventType, value } = event;
    const error = eventError(event);
    if (error === null && !isJsonObject(value)) return;
    const { message, items } = this.#begun(seq);
    message.lastSeq = seq;
    const number = indexMember(value, 'sequence_number');
    if (number !== null) this.#numbers.take(number, seq);
    if (error !== null) this.#fail(message, error, seq);
    if (error !== null || !isJsonObject(value)) return;
    const type = stringMember(value, 'type') ?? eventType;
    const stem = type.slice(0, type.lastIndexOf('.'));
    const verb = type.slice(stem.length + 1);
    const text = textEvents.get(stem);
    if (text !== undefined) {
      items.readText(value, text, verb, seq);
      return;
    }
    const whole = argumentEvents.get(stem);
    if (whole !== undefined) {
      items.readArguments(value, whole, verb, seq);
      return;
    }
    switch (type) {
      case 'response.output_item.added':
      case 'response.output_item.done':
        items.readItem(value, verb === 'done', seq);
        return;
      case 'response.output_text.annotation.added':
        items.readAnnotation(value, seq);
        return;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        this.#finish(message, value, verb, seq);
        return;
      default: {
        const response = objectMember(value, 'response');
        if (response !== null) readResponse(message, response);
        // `response.web_search_call.searching` and the like.
        if (verb !== 'delta' && verb !== 'done') items.readStatus(value, verb);
      }
    }
  }

  end(aborted: boolean): void {
    this.#numbers.end();
    if (aborted || this.terminated || this.#response === null) return;
    if (this.#response.message.error !== null) return;
    this.#problems.add('missing-terminal-event', null, 'The stream ended without response.completed');
  }

  #begun(seq: number): { readonly message: Message; readonly items: ResponseItems } {
    if (this.#response === null) {
      const message = newMessage(openAiResponses.id, 0, seq);
      message.role = 'assistant';
      this.messages.push(message);
      this.#response = { message, items: new ResponseItems(message, this.#problems) };
    }
    return this.#response;
  }

  #finish(message: Message, value: JsonObject, verb: string, seq: number): void {
    const response = objectMember(value, 'response') ?? {};
    readResponse(message, response);
    this.terminated = true;
    const reason = stringMember(objectMember(response, 'incomplete_details') ?? undefined, 'reason');
    message.finishReason = verb === 'incomplete' ? (reason ?? 'incomplete') : verb;
    if (verb === 'failed') this.#fail(message, providerError(response) ?? 'The response failed', seq);
    if (reason === 'max_output_tokens') {
      this.#problems.add('length-limit-reached', seq, 'The model stopped at its length limit');
    } else if (reason === 'content_filter') {
      this.#problems.add('content-filtered', seq, 'The provider withheld content: content_filter');
    }
    message.complete = message.error === null;
  }

  #fail(message: Message, text: string, seq: number): void {
    // A failed response repeats the error event that precedes it.
    if (message.error === null) this.#problems.add('error-in-stream', seq, errorSentence(text));
    message.error ??= { message: text, seq };
    message.complete = false;
  }
}

function readResponse(message: Message, response: JsonObject): void {
  message.id = stringMember(response, 'id') ?? message.id;
  message.model = stringMember(response, 'model') ?? message.model;
  message.usage = objectMember(response, 'usage') ?? message.usage;
}

const reasoningDelta = 'response.reasoning_text.delta';
const summaryDelta = 'response.reasoning_summary_text.delta';

function responsesOutput(value: JsonObject): PayloadOutput {
  const type = stringMember(value, 'type') ?? '';
  const length = type.endsWith('.delta') ? (stringMember(value, 'delta') ?? '').length : 0;
  const usage = objectMember(objectMember(value, 'response') ?? undefined, 'usage');
  const tokens = tokensMember(usage, 'output_tokens');
  const details = objectMember(usage ?? undefined, 'output_tokens_details');
  return {
    length,
    reasoning: type === reasoningDelta ? length : 0,
    summary: type === summaryDelta ? length : 0,
    tokens:
      tokens === null ? null : { count: tokens, reasoning: tokensMember(details, 'reasoning_tokens') ?? 0 },
    finished: /^response\.(completed|incomplete|failed)$/.test(type),
  };
}

/** The Responses API, recognised by `type: "response.…"`. */
export const openAiResponses: Dialect<'openai-responses'> = {
  id: 'openai-responses',
  title: 'OpenAI Responses',
  matches: (payload) => stringMember(payload, 'type')?.startsWith('response.') === true,
  suggestedBy: ({ path }) => /\/responses\/?$/.test(path),
  begin: (problems) => new OpenAiResponsesAssembler(problems),
  beginsAnother: (payload) => payload['type'] === 'response.created',
  output: responsesOutput,
  outputPaths: ['delta'],
  terminal: 'response.completed',
  hasSentinel: false,
};
