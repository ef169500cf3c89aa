import { arrayMember, indexMember, member, objectMember, stringMember } from '../json/json-access.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { MAX_PARTS, type Assembler, type LlmEvent, type Problems } from './assembly.ts';
import { Choices } from './choices.ts';
import {
  appendArguments,
  isTextPart,
  keepExtras,
  newToolCall,
  textPartAtEnd,
  type Message,
  type TextPart,
  type ToolCallPart,
} from './message.ts';
import { providerError } from './provider-error.ts';

/** Members of a chunk that are told of already; others (citations, filter results, …) are kept as extras. */
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
 * Chat completions, as OpenAI and the many compatible makes stream them: `choices[].delta`, tool calls by index with
 * their arguments in fragments, usage in a last chunk without choices, then `[DONE]`.
 */
export class OpenAiChatAssembler implements Assembler {
  terminated = false;
  readonly #problems: Problems;
  readonly #choices: Choices;
  readonly #calls = new Map<Message, Map<number, ToolCallPart>>();
  /** Of the newest chunk: what a message that begins later takes over. */
  #id: string | null = null;
  #model: string | null = null;
  #usage: JsonObject | null = null;
  readonly #extras = new Map<string, JsonValue>();

  constructor(problems: Problems) {
    this.#problems = problems;
    this.#choices = new Choices('openai-chat', problems);
  }

  get messages(): readonly Message[] {
    return this.#choices.messages;
  }

  push({ seq, value, sentinel }: LlmEvent): void {
    if (sentinel) {
      this.terminated = true;
      return;
    }
    if (!isJsonObject(value)) return;
    const error = providerError(value);
    if (error !== null) this.#choices.fail(error, seq);
    this.#readChunk(value);
    const choices = arrayMember(value, 'choices');
    for (const choice of choices) this.#readChoice(choice, seq);
    // Usage comes in a last chunk without choices, for all of them.
    if (choices.length === 0) for (const message of this.messages) this.#share(message);
  }

  end(): void {
    for (const message of this.messages) {
      if (message.complete) continue;
      this.#problems.add(
        'missing-terminal-event',
        null,
        `choice ${message.choice} ended without a finish reason`,
      );
    }
    if (!this.terminated && this.messages.length > 0) {
      this.#problems.add('missing-terminal-event', null, 'the stream ended without [DONE]');
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
    const delta = objectMember(choice, 'delta') ?? objectMember(choice, 'message');
    const before = message.complete;
    const length = delta === null ? 0 : this.#readDelta(message, delta, seq);
    const logprobs = member(choice, 'logprobs');
    if (logprobs !== undefined && logprobs !== null) {
      const said = message.parts.findLast(isTextPart);
      (said ?? textPartAtEnd(message, 'text')).extras.push({ type: 'logprobs', value: logprobs, seq });
    }
    const finish = stringMember(choice, 'finish_reason');
    if (finish !== null && !before) this.#finish(message, finish, seq);
    else if (before && length > 0) {
      this.#problems.add('data-after-done', seq, `choice ${index} goes on after its finish reason`);
    }
  }

  #readDelta(message: Message, delta: JsonObject, seq: number): number {
    message.role ??= stringMember(delta, 'role');
    let length = 0;
    const add = (kind: TextPart['kind'], text: string | null): void => {
      if (text === null || text === '' || message.parts.length >= MAX_PARTS) return;
      textPartAtEnd(message, kind).text.append(text, seq);
      length += text.length;
    };
    // Some makes send the same thought under both names; it is one thought.
    add('reasoning', stringMember(delta, 'reasoning_content') ?? stringMember(delta, 'reasoning'));
    add('text', contentText(member(delta, 'content')));
    add('refusal', stringMember(delta, 'refusal'));
    for (const call of arrayMember(delta, 'tool_calls')) length += this.#readToolCall(message, call, seq);
    // Before tools there was one function call, without an index.
    const legacy = objectMember(delta, 'function_call');
    if (legacy !== null)
      length += this.#readToolCall(message, { index: 0, type: 'function', function: legacy }, seq);
    return length;
  }

  #readToolCall(message: Message, delta: JsonValue, seq: number): number {
    if (!isJsonObject(delta)) {
      this.#problems.add('unexpected-shape', seq, 'a tool call is no object');
      return 0;
    }
    const calls = this.#calls.get(message) ?? new Map<number, ToolCallPart>();
    this.#calls.set(message, calls);
    const id = stringMember(delta, 'id');
    const body = objectMember(delta, 'function') ?? objectMember(delta, 'custom');
    const name = stringMember(body ?? undefined, 'name');
    let index = indexMember(delta, 'index');
    if (index === null) {
      // An id begins a call; what has none goes on with the newest one.
      const known = id === null ? undefined : [...calls].find(([, call]) => call.id === id)?.[0];
      index = known ?? (id !== null || calls.size === 0 ? calls.size : calls.size - 1);
      this.#problems.add('tool-index-missing', seq, 'a tool call delta has no index');
    }
    let call = calls.get(index);
    if (call === undefined) {
      if (message.parts.length >= MAX_PARTS) return 0;
      call = newToolCall(
        stringMember(delta, 'type') ?? 'function',
        seq,
        objectMember(delta, 'custom') === null,
      );
      calls.set(index, call);
      message.parts.push(call);
      if (id === null && name === null) {
        this.#problems.add('tool-index-missing', seq, `tool call ${index} goes on without having begun`);
      }
    }
    if (id !== null && id !== '') call.id ??= id;
    if (name !== null && name !== '') {
      // Names come whole; a make that cuts them sends the rest without the id.
      if (call.name === null) call.name = name;
      else if (call.name !== name && id === null) call.name += name;
    }
    const text = stringMember(body ?? undefined, 'arguments') ?? stringMember(body ?? undefined, 'input');
    if (text === null) return 0;
    appendArguments(call, text, seq);
    return text.length;
  }

  #finish(message: Message, reason: string, seq: number): void {
    message.finishReason = reason;
    message.complete = message.error === null;
    if (reason === 'length') {
      this.#problems.add('length-limit-reached', seq, 'the model stopped at its length limit');
    }
    for (const part of message.parts) {
      part.done = true;
      if (part.kind === 'tool-call') this.#problems.checkArguments(part, seq);
    }
  }
}

/** Content is a string; some makes send a list of parts with `text`. */
function contentText(content: JsonValue | undefined): string | null {
  if (typeof content === 'string') return content;
  if (!isJsonArray(content)) return null;
  return content.map((part) => stringMember(part, 'text') ?? '').join('');
}
