import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  arrayMember,
  indexMember,
  member,
  objectMember,
  stringMember,
} from '../json/json-value.ts';
import { MAX_PARTS, type Assembler, type LlmEvent, type Problems } from './assembly.ts';
import { argumentsText, deltaOf, readDelta } from './chat-delta.ts';
import { ChatToolCalls } from './chat-tool-calls.ts';
import { Choices } from './choices.ts';
import { tokensMember, type Dialect, type PayloadOutput, type TokenCount } from './dialect.ts';
import { isTextPart, keepExtras, textPartAtEnd, type Message } from './message.ts';
import { errorSentence, eventError, providerError } from './provider-error.ts';

/** Members of a chunk that are read elsewhere; others (citations, filter results, …) are kept as extras. */
const knownMembers = new Set([
  'id',
  'object',
  'created',
  'model',
  'choices',
  'usage',
  'obfuscation',
  'system_fingerprint',
]);

/**
 * Chat completions of OpenAI and compatible servers: `choices[].delta`, tool calls by index with arguments in
 * fragments, usage in a last chunk without choices, then `[DONE]`.
 */
class OpenAiChatAssembler implements Assembler {
  terminated = false;
  /** A chunk came. */
  #seen = false;
  readonly #problems: Problems;
  readonly #choices: Choices;
  readonly #calls = new Map<Message, ChatToolCalls>();
  /** From the newest chunk, for messages that begin later. */
  #id: string | null = null;
  #model: string | null = null;
  #usage: JsonObject | null = null;
  readonly #extras = new Map<string, JsonValue>();

  constructor(problems: Problems) {
    this.#problems = problems;
    this.#choices = new Choices(openAiChat.id, problems);
  }

  get messages(): readonly Message[] {
    return this.#choices.messages;
  }

  push(event: LlmEvent): void {
    const { seq, value, sentinel } = event;
    if (sentinel) {
      this.#finishAll(seq);
      return;
    }
    const error = eventError(event);
    if (error !== null) this.#choices.fail(error, seq);
    if (!isJsonObject(value)) return;
    this.#seen = true;
    this.#readChunk(value);
    const choices = arrayMember(value, 'choices');
    for (const choice of choices) this.#readChoice(choice, seq);
    // A last chunk without choices has the usage of all choices.
    if (choices.length === 0) for (const message of this.messages) this.#share(message);
  }

  end(aborted: boolean): void {
    if (aborted || this.terminated) return;
    if (this.#seen && this.messages.length === 0) {
      this.#problems.add('missing-terminal-event', null, 'The stream ended before any choice began');
    }
    for (const message of this.messages) {
      if (message.complete || message.error !== null) continue;
      const problem = `Choice ${message.choice} ended without a finish reason and the stream without [DONE]`;
      this.#problems.add('missing-terminal-event', null, problem);
    }
  }

  /** `[DONE]` ends every choice: some servers send no finish reason. */
  #finishAll(seq: number): void {
    this.terminated = true;
    for (const message of this.messages) {
      if (message.finishReason !== null || message.error !== null) continue;
      message.complete = true;
      this.#settleParts(message, seq);
    }
  }

  #readChunk(chunk: JsonObject): void {
    const id = stringMember(chunk, 'id');
    if (id !== null && id !== '') this.#id = id;
    const model = stringMember(chunk, 'model');
    if (model !== null && model !== '') this.#model = model;
    this.#usage = objectMember(chunk, 'usage') ?? this.#usage;
    keepExtras(this.#extras, chunk, knownMembers);
  }

  #share(message: Message): void {
    message.id = this.#id;
    message.model = this.#model;
    message.usage = this.#usage;
    for (const [key, value] of this.#extras) message.extras.set(key, value);
  }

  #readChoice(choice: JsonValue, seq: number): void {
    const index = indexMember(choice, 'index') ?? 0;
    const message = this.#choices.at(index, seq);
    if (message === null) return;
    message.lastSeq = seq;
    this.#share(message);
    const delta = deltaOf(choice);
    const before = message.finishReason;
    const length = delta === null ? 0 : this.#readDelta(message, delta, seq);
    const logprobs = member(choice, 'logprobs');
    if (logprobs !== undefined && logprobs !== null) {
      const said = message.parts.findLast(isTextPart);
      (said ?? textPartAtEnd(message, 'text')).extras.push({ type: 'logprobs', value: logprobs, seq });
    }
    // Events after [DONE] are reported elsewhere.
    if (before !== null && length > 0 && !this.terminated) {
      this.#problems.add('data-after-done', seq, `Choice ${index} continues after its finish reason`);
    }
    const finish = stringMember(choice, 'finish_reason');
    // Azure's filter may report after the model has stopped.
    if (finish !== null && finish !== before) this.#finish(message, finish, choice, seq);
  }

  /** @returns code units of model output */
  #readDelta(message: Message, delta: JsonObject, seq: number): number {
    message.role ??= stringMember(delta, 'role');
    let length = 0;
    readDelta(delta, {
      text: (kind, text) => {
        if (text === '' || message.parts.length >= MAX_PARTS) return;
        textPartAtEnd(message, kind).text.append(text, seq);
        length += text.length;
      },
      extra: (kind, type, value) => {
        if (message.parts.length < MAX_PARTS) textPartAtEnd(message, kind).extras.push({ type, value, seq });
      },
    });
    for (const call of arrayMember(delta, 'tool_calls')) length += this.#readToolCall(message, call, seq);
    // The predecessor of tools: one function call without an index.
    const legacy = objectMember(delta, 'function_call');
    if (legacy !== null)
      length += this.#readToolCall(message, { index: 0, type: 'function', function: legacy }, seq);
    return length;
  }

  #readToolCall(message: Message, delta: JsonValue, seq: number): number {
    if (!isJsonObject(delta)) {
      this.#problems.add('unexpected-shape', seq, 'A tool call is not an object');
      return 0;
    }
    const calls = this.#calls.get(message) ?? new ChatToolCalls(message, this.#problems);
    this.#calls.set(message, calls);
    return calls.read(delta, seq);
  }

  #finish(message: Message, reason: string, choice: JsonValue, seq: number): void {
    message.finishReason = reason;
    if (failures.has(reason) && message.error === null) {
      const error = providerError(choice) ?? `finish_reason: ${reason}`;
      message.error = { message: error, seq };
      this.#problems.add('error-in-stream', seq, errorSentence(error));
    }
    message.complete = message.error === null;
    if (lengthReasons.has(reason)) {
      this.#problems.add('length-limit-reached', seq, `The model stopped at its length limit: ${reason}`);
    } else if (filterReasons.has(reason)) {
      this.#problems.add('content-filtered', seq, `The provider withheld content: ${reason}`);
    }
    this.#settleParts(message, seq);
  }

  #settleParts(message: Message, seq: number): void {
    for (const part of message.parts) {
      if (part.kind === 'tool-call' && !part.done) this.#problems.checkArguments(part, seq);
      part.done = true;
    }
  }
}

/** Finish reasons of a failure (OpenRouter, Mistral, Zhipu, DeepSeek, vLLM, SGLang). */
const failures: ReadonlySet<string> = new Set([
  'error',
  'network_error',
  'insufficient_system_resource',
  'abort',
]);
/** Finish reasons of a length limit. `model_length` is Mistral's. */
const lengthReasons: ReadonlySet<string> = new Set(['length', 'model_length', 'max_tokens']);
/** Finish reasons of withheld content. `sensitive` is Zhipu's. */
const filterReasons: ReadonlySet<string> = new Set(['content_filter', 'sensitive']);

function chatOutput(value: JsonObject): PayloadOutput {
  let length = 0;
  let reasoning = 0;
  let summary = 0;
  let finished = false;
  const reader = {
    text(kind: string, text: string, isSummary: boolean): void {
      length += text.length;
      if (kind === 'reasoning' && isSummary) summary += text.length;
      else if (kind === 'reasoning') reasoning += text.length;
    },
  };
  for (const choice of arrayMember(value, 'choices')) {
    if (stringMember(choice, 'finish_reason') !== null) finished = true;
    const delta = deltaOf(choice);
    if (delta === null) continue;
    readDelta(delta, reader);
    for (const call of arrayMember(delta, 'tool_calls')) {
      length += argumentsText(objectMember(call, 'function') ?? objectMember(call, 'custom'))?.length ?? 0;
    }
    length += argumentsText(objectMember(delta, 'function_call'))?.length ?? 0;
  }
  return { length, reasoning, summary, finished, tokens: chatTokens(objectMember(value, 'usage')) };
}

function chatTokens(usage: JsonObject | null): TokenCount | null {
  const completion = tokensMember(usage, 'completion_tokens');
  if (completion === null) return null;
  const details = objectMember(usage ?? undefined, 'completion_tokens_details');
  const reasoning = tokensMember(details, 'reasoning_tokens') ?? tokensMember(usage, 'reasoning_tokens') ?? 0;
  const total = tokensMember(usage, 'total_tokens') ?? 0;
  // xAI's completion count excludes reasoning; its total includes it.
  const isBeside = total - (tokensMember(usage, 'prompt_tokens') ?? 0) >= completion + reasoning;
  return { count: isBeside ? completion + reasoning : completion, reasoning };
}

/**
 * Chat completions, recognised by `choices` with deltas, or `object: "chat.completion.chunk"`. Azure's first chunk has
 * empty `choices` and the filter result of the prompt.
 */
export const openAiChat: Dialect<'openai-chat'> = {
  id: 'openai-chat',
  title: 'OpenAI chat completions',
  matches(payload) {
    if (stringMember(payload, 'object')?.startsWith('chat.completion') === true) return true;
    const choices = member(payload, 'choices');
    if (!isJsonArray(choices)) return false;
    if (choices.some((choice) => objectMember(choice, 'delta') !== null)) return true;
    return member(payload, 'prompt_filter_results') !== undefined;
  },
  suggestedBy: ({ path }) => /\/chat\/completions\/?$/.test(path),
  begin: (problems) => new OpenAiChatAssembler(problems),
  beginsAnother(payload, first, { messages }) {
    const id = stringMember(payload, 'id');
    const differs = id !== null && id !== '' && first.id !== null && id !== first.id;
    const begins = arrayMember(payload, 'choices').some((choice) => objectMember(choice, 'delta') !== null);
    return differs && begins && messages.every((message) => message.finishReason !== null);
  },
  output: chatOutput,
  outputPaths: [
    'choices[].delta.content',
    'choices[].delta.content[].text',
    'choices[].delta.reasoning',
    'choices[].delta.reasoning_content',
    'choices[].delta.refusal',
    'choices[].delta.tool_calls[].function.arguments',
    'choices[].delta.tool_calls[].custom.input',
    'choices[].delta.function_call.arguments',
  ],
  terminal: 'a finish reason or [DONE]',
  hasSentinel: true,
};
