import { arrayMember, indexMember, member, objectMember, stringMember } from '../json/json-access.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import { MAX_PARTS, type Assembler, type LlmEvent, type Problems } from './assembly.ts';
import {
  appendArguments,
  isTextPart,
  newMessage,
  newOtherPart,
  newTextPart,
  newToolCall,
  type Message,
  type MessagePart,
  type TextPart,
  type ToolCallPart,
} from './message.ts';
import { providerError } from './provider-error.ts';

/** Output items that are calls with arguments, and the member that holds them. */
const callItems = new Map([
  ['function_call', 'arguments'],
  ['mcp_call', 'arguments'],
  ['custom_tool_call', 'input'],
]);

/** Which part of an item the text events speak of: the kind of part, and the member that numbers it in its item. */
const textEvents = new Map<
  string,
  { readonly kind: TextPart['kind']; readonly index: string; readonly text: string }
>([
  ['response.output_text', { kind: 'text', index: 'content_index', text: 'text' }],
  ['response.refusal', { kind: 'refusal', index: 'content_index', text: 'refusal' }],
  ['response.reasoning_text', { kind: 'reasoning', index: 'content_index', text: 'text' }],
  ['response.reasoning_summary_text', { kind: 'reasoning', index: 'summary_index', text: 'text' }],
]);

/** Which events bring arguments, and the member with the whole text at their end. */
const argumentEvents = new Map([
  ['response.function_call_arguments', 'arguments'],
  ['response.mcp_call_arguments', 'arguments'],
  ['response.custom_tool_call_input', 'input'],
]);

/**
 * OpenAI's Responses API: output items by `output_index`, each with its parts, their deltas and what is whole
 * (`.done`); ended by `response.completed`, `.incomplete` or `.failed`.
 */
export class OpenAiResponsesAssembler implements Assembler {
  readonly messages: Message[] = [];
  terminated = false;
  readonly #problems: Problems;
  /** Parts by item and place in it: `3/text/0`; a call or another item is `3`. */
  readonly #parts = new Map<string, MessagePart>();
  /** Output items that began. */
  readonly #items = new Set<number>();
  #message: Message | null = null;
  #lastNumber = -1;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  push({ seq, type: eventType, value }: LlmEvent): number {
    if (!isJsonObject(value)) return 0;
    const type = stringMember(value, 'type') ?? eventType;
    const message = this.#begun(seq);
    message.lastSeq = seq;
    this.#checkOrder(value, seq);
    const stem = type.slice(0, type.lastIndexOf('.'));
    const verb = type.slice(stem.length + 1);
    const text = textEvents.get(stem);
    if (text !== undefined) return this.#readText(message, value, text, verb, seq);
    const whole = argumentEvents.get(stem);
    if (whole !== undefined) return this.#readArguments(message, value, stem, whole, verb, seq);
    switch (type) {
      case 'response.output_item.added':
      case 'response.output_item.done':
        return this.#readItem(message, value, verb === 'done', seq);
      case 'response.output_text.annotation.added':
        this.#readAnnotation(message, value, seq);
        return 0;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        this.#finish(message, value, verb, seq);
        return 0;
      default:
        return this.#readOther(message, value, type, verb, seq);
    }
  }

  end(): void {
    if (this.#message !== null && !this.terminated) {
      this.#problems.add('missing-terminal-event', null, 'the stream ended without response.completed');
    }
  }

  #begun(seq: number): Message {
    if (this.#message === null) {
      this.#message = newMessage('openai-responses', 0, seq);
      this.#message.role = 'assistant';
      this.messages.push(this.#message);
    }
    return this.#message;
  }

  #checkOrder(value: JsonObject, seq: number): void {
    const number = indexMember(value, 'sequence_number');
    if (number === null) return;
    if (number <= this.#lastNumber) {
      this.#problems.add('out-of-order', seq, `sequence_number ${number} after ${this.#lastNumber}`);
    }
    this.#lastNumber = Math.max(this.#lastNumber, number);
  }

  /** Response objects, states of built-in tools, errors. */
  #readOther(message: Message, value: JsonObject, type: string, verb: string, seq: number): number {
    const response = objectMember(value, 'response');
    if (response !== null) this.#readResponse(message, response);
    const error = type === 'error' ? (providerError(value) ?? 'an error without a message') : null;
    if (error !== null) this.#fail(message, error, seq);
    const item = indexMember(value, 'output_index');
    const part = item === null ? undefined : this.#parts.get(String(item));
    // `response.web_search_call.searching` and the like say the item's state.
    if (part !== undefined && !isTextPart(part) && verb !== 'delta' && verb !== 'done') part.status = verb;
    return 0;
  }

  #readResponse(message: Message, response: JsonObject): void {
    message.id = stringMember(response, 'id') ?? message.id;
    message.model = stringMember(response, 'model') ?? message.model;
    message.usage = objectMember(response, 'usage') ?? message.usage;
  }

  #readText(
    message: Message,
    value: JsonObject,
    { kind, index, text }: { readonly kind: TextPart['kind']; readonly index: string; readonly text: string },
    verb: string,
    seq: number,
  ): number {
    const item = indexMember(value, 'output_index');
    const key = `${item ?? '?'}/${index}/${indexMember(value, index) ?? 0}/${kind}`;
    let part: MessagePart | null = this.#parts.get(key) ?? null;
    if (part === null) {
      if (item === null || !this.#items.has(item)) {
        this.#problems.add(
          'tool-index-missing',
          seq,
          `output item ${item ?? '?'} goes on without having begun`,
        );
      }
      part = this.#add(message, key, newTextPart(kind));
    }
    if (part === null || !isTextPart(part)) return 0;
    const logprobs = member(value, 'logprobs');
    if (Array.isArray(logprobs) && logprobs.length > 0)
      part.extras.push({ type: 'logprobs', value: logprobs, seq });
    if (verb === 'delta') return this.#append(part, stringMember(value, 'delta') ?? '', seq);
    if (verb !== 'done') return 0;
    part.done = true;
    return this.#settleText(part, stringMember(value, text), seq);
  }

  /** At the end the whole text is sent again: the same as the deltas, or the only one there is. */
  #settleText(part: TextPart, whole: string | null, seq: number): number {
    if (whole === null) return 0;
    if (part.text.length === 0) return this.#append(part, whole, seq);
    if (part.text.toString() !== whole) {
      this.#problems.add('unexpected-shape', seq, 'the whole text differs from what its deltas add up to');
    }
    return 0;
  }

  #append(part: TextPart, text: string, seq: number): number {
    part.text.append(text, seq);
    return text.length;
  }

  #readArguments(
    message: Message,
    value: JsonObject,
    stem: string,
    whole: string,
    verb: string,
    seq: number,
  ): number {
    const item = indexMember(value, 'output_index');
    const key = String(item ?? '?');
    let part: MessagePart | null = this.#parts.get(key) ?? null;
    if (part === null) {
      this.#problems.add('tool-index-missing', seq, `output item ${key} goes on without having begun`);
      const custom = stem === 'response.custom_tool_call_input';
      const call = newToolCall(custom ? 'custom_tool_call' : 'function_call', seq, !custom);
      call.id = stringMember(value, 'item_id');
      part = this.#add(message, key, call);
    }
    if (part?.kind !== 'tool-call') return 0;
    if (verb === 'delta') {
      const delta = stringMember(value, 'delta') ?? '';
      appendArguments(part, delta, seq);
      return delta.length;
    }
    return verb === 'done' ? this.#settleArguments(part, stringMember(value, whole), seq) : 0;
  }

  #settleArguments(call: ToolCallPart, whole: string | null, seq: number): number {
    if (call.done || whole === null) return 0;
    call.done = true;
    let length = 0;
    if (call.arguments.length === 0) {
      appendArguments(call, whole, seq);
      length = whole.length;
    } else if (call.arguments.toString() !== whole) {
      this.#problems.add(
        'unexpected-shape',
        seq,
        'the whole arguments differ from what their deltas add up to',
      );
    }
    this.#problems.checkArguments(call, seq);
    return length;
  }

  #readItem(message: Message, value: JsonObject, done: boolean, seq: number): number {
    const index = indexMember(value, 'output_index');
    const item = objectMember(value, 'item');
    if (index === null || item === null) {
      this.#problems.add('unexpected-shape', seq, 'an output item without index or item');
      return 0;
    }
    const type = stringMember(item, 'type') ?? 'unknown';
    this.#items.add(index);
    if (!done && this.#parts.has(String(index))) {
      this.#problems.add('unexpected-shape', seq, `output item ${index} begins a second time`);
    }
    if (type === 'message' || type === 'reasoning')
      return done ? this.#settleItem(message, item, index, seq) : 0;
    const argumentsMember = callItems.get(type);
    if (argumentsMember === undefined) {
      this.#readBuiltIn(message, item, type, index, done, seq);
      return 0;
    }
    const known = this.#parts.get(String(index));
    const call =
      known ?? this.#add(message, String(index), newToolCall(type, seq, type !== 'custom_tool_call'));
    if (call?.kind !== 'tool-call') return 0;
    call.type = type;
    call.id = stringMember(item, 'call_id') ?? stringMember(item, 'id') ?? call.id;
    call.name = stringMember(item, 'name') ?? call.name;
    call.status = stringMember(item, 'status') ?? call.status;
    call.output = member(item, 'output') ?? call.output;
    return done ? this.#settleArguments(call, stringMember(item, argumentsMember), seq) : 0;
  }

  #readBuiltIn(
    message: Message,
    item: JsonObject,
    type: string,
    index: number,
    done: boolean,
    seq: number,
  ): void {
    const part =
      this.#parts.get(String(index)) ?? this.#add(message, String(index), newOtherPart(type, item, seq));
    if (part?.kind !== 'other') return;
    part.value = item;
    part.status = stringMember(item, 'status') ?? part.status;
    part.done = done;
  }

  /** A whole item: brings what no delta brought, and the parts that had none. */
  #settleItem(message: Message, item: JsonObject, index: number, seq: number): number {
    let length = 0;
    const settle = (place: string, kind: TextPart['kind'], text: string, n: number): void => {
      const key = `${index}/${place}/${n}/${kind}`;
      const part = this.#parts.get(key) ?? (text === '' ? null : this.#add(message, key, newTextPart(kind)));
      if (part === null || !isTextPart(part)) return;
      if (!part.done || part.text.length === 0) length += this.#settleText(part, text, seq);
      part.done = true;
    };
    arrayMember(item, 'content').forEach((content, n) => {
      const type = stringMember(content, 'type');
      const kind = type === 'refusal' ? 'refusal' : type === 'reasoning_text' ? 'reasoning' : 'text';
      settle('content_index', kind, stringMember(content, kind === 'refusal' ? 'refusal' : 'text') ?? '', n);
    });
    arrayMember(item, 'summary').forEach((summary, n) => {
      settle('summary_index', 'reasoning', stringMember(summary, 'text') ?? '', n);
    });
    return length;
  }

  #readAnnotation(message: Message, value: JsonObject, seq: number): void {
    const item = indexMember(value, 'output_index');
    const key = `${item ?? '?'}/content_index/${indexMember(value, 'content_index') ?? 0}/text`;
    const part = this.#parts.get(key) ?? this.#add(message, key, newTextPart('text'));
    if (part?.kind !== 'text') return;
    part.extras.push({ type: 'annotation', value: member(value, 'annotation') ?? null, seq });
  }

  #finish(message: Message, value: JsonObject, verb: string, seq: number): void {
    const response = objectMember(value, 'response') ?? {};
    this.#readResponse(message, response);
    this.terminated = true;
    const reason = stringMember(objectMember(response, 'incomplete_details') ?? undefined, 'reason');
    message.finishReason = verb === 'incomplete' ? (reason ?? 'incomplete') : verb;
    if (verb === 'failed') this.#fail(message, providerError(response) ?? 'the response failed', seq);
    if (reason === 'max_output_tokens') {
      this.#problems.add('length-limit-reached', seq, 'the model stopped at its length limit');
    }
    message.complete = message.error === null;
  }

  #fail(message: Message, text: string, seq: number): void {
    // A failed response repeats the error event before it.
    if (message.error === null) this.#problems.add('error-in-stream', seq, text);
    message.error ??= { message: text, seq };
    message.complete = false;
  }

  #add<Part extends MessagePart>(message: Message, key: string, part: Part): Part | null {
    if (message.parts.length >= MAX_PARTS) return null;
    this.#parts.set(key, part);
    message.parts.push(part);
    return part;
  }
}
