import {
  type JsonObject,
  type JsonValue,
  arrayMember,
  indexMember,
  member,
  objectMember,
  stringMember,
} from '../json/json-value.ts';
import { MAX_PARTS, type Problems } from './assembly.ts';
import {
  appendArguments,
  isTextPart,
  newOtherPart,
  newTextPart,
  newToolCall,
  type Message,
  type MessagePart,
  type TextPart,
  type ToolCallPart,
} from './message.ts';

/** The part of an item that a text event belongs to. */
export interface TextPlace {
  readonly kind: TextPart['kind'];
  /** The member with the index of the part in its item. */
  readonly index: 'content_index' | 'summary_index';
  /** The member with the complete text at the end. */
  readonly whole: 'text' | 'refusal';
}

/** Output items that are calls, and the member with their arguments. */
const callItems = new Map([
  ['function_call', 'arguments'],
  ['mcp_call', 'arguments'],
  ['custom_tool_call', 'input'],
]);

/**
 * The output items of a response of OpenAI's Responses API, as parts of its message: texts by their place in an item;
 * calls and other items as one part. Everything is sent twice, as deltas and then complete, and must be equal.
 */
export class ResponseItems {
  readonly #message: Message;
  readonly #problems: Problems;
  /** Parts by item and place in it: `3/content_index/0/text`; `3` for a call or another item. */
  readonly #parts = new Map<string, MessagePart>();
  /** Output items that began. */
  readonly #begun = new Set<number>();

  constructor(message: Message, problems: Problems) {
    this.#message = message;
    this.#problems = problems;
  }

  /** The start of an item (`response.output_item.added`) or the complete item (`.done`). */
  readItem(value: JsonObject, isDone: boolean, seq: number): void {
    const index = indexMember(value, 'output_index');
    const item = objectMember(value, 'item');
    if (index === null || item === null) {
      this.#problems.add('unexpected-shape', seq, 'An output item has no index or no item');
      return;
    }
    const type = stringMember(item, 'type') ?? 'unknown';
    this.#begun.add(index);
    if (!isDone && this.#parts.has(String(index))) {
      this.#problems.add('unexpected-shape', seq, `Output item ${index} starts twice`);
    }
    if (type === 'message' || type === 'reasoning') {
      if (isDone) this.#settleItem(item, index, seq);
      return;
    }
    const argumentsMember = callItems.get(type);
    if (argumentsMember === undefined) this.#readBuiltIn(item, type, index, isDone, seq);
    else this.#readCall(item, type, index, isDone ? stringMember(item, argumentsMember) : null, seq);
  }

  /** A piece of a text (`delta`) or the complete text (`done`). */
  readText(value: JsonObject, place: TextPlace, verb: string, seq: number): void {
    const item = indexMember(value, 'output_index');
    const key = keyOf(item, place.index, indexMember(value, place.index) ?? 0, place.kind);
    let part = this.#parts.get(key) ?? null;
    if (part === null) {
      if (item === null || !this.#begun.has(item)) this.#neverBegan(item, seq);
      part = this.#add(key, newTextPart(place.kind));
    }
    if (part === null || !isTextPart(part)) return;
    const logprobs = member(value, 'logprobs');
    if (Array.isArray(logprobs) && logprobs.length > 0)
      part.extras.push({ type: 'logprobs', value: logprobs, seq });
    if (verb === 'delta') part.text.append(stringMember(value, 'delta') ?? '', seq);
    if (verb !== 'done') return;
    part.done = true;
    this.#settleText(part, stringMember(value, place.whole), seq);
  }

  /**
   * A piece of a call's arguments (`delta`) or the complete arguments (`done`).
   * @param whole the member with all of them: `input` if the tool takes free text
   */
  readArguments(value: JsonObject, whole: 'arguments' | 'input', verb: string, seq: number): void {
    const item = indexMember(value, 'output_index');
    const key = keyOf(item);
    let part = this.#parts.get(key) ?? null;
    if (part === null) {
      this.#neverBegan(item, seq);
      const isJson = whole === 'arguments';
      const call = newToolCall(isJson ? 'function_call' : 'custom_tool_call', seq, isJson);
      call.id = stringMember(value, 'item_id');
      part = this.#add(key, call);
    }
    if (part?.kind !== 'tool-call') return;
    if (verb === 'delta') appendArguments(part, stringMember(value, 'delta') ?? '', seq);
    else if (verb === 'done') this.#settleArguments(part, stringMember(value, whole), seq);
  }

  /** A citation or another annotation of a text. */
  readAnnotation(value: JsonObject, seq: number): void {
    const item = indexMember(value, 'output_index');
    const key = keyOf(item, 'content_index', indexMember(value, 'content_index') ?? 0, 'text');
    const part = this.#parts.get(key) ?? this.#add(key, newTextPart('text'));
    if (part?.kind !== 'text') return;
    part.extras.push({ type: 'annotation', value: member(value, 'annotation') ?? null, seq });
  }

  /** The state of a built-in tool: `searching`, `in_progress`, … */
  readStatus(value: JsonObject, status: string): void {
    const item = indexMember(value, 'output_index');
    const part = item === null ? undefined : this.#parts.get(keyOf(item));
    if (part !== undefined && !isTextPart(part)) part.status = status;
  }

  /** @param whole the arguments, if the item is complete */
  #readCall(item: JsonObject, type: string, index: number, whole: string | null, seq: number): void {
    const key = keyOf(index);
    const call = this.#parts.get(key) ?? this.#add(key, newToolCall(type, seq, type !== 'custom_tool_call'));
    if (call?.kind !== 'tool-call') return;
    call.type = type;
    call.id = stringMember(item, 'call_id') ?? stringMember(item, 'id') ?? call.id;
    call.name = stringMember(item, 'name') ?? call.name;
    call.status = stringMember(item, 'status') ?? call.status;
    call.output = member(item, 'output') ?? call.output;
    this.#settleArguments(call, whole, seq);
  }

  #readBuiltIn(item: JsonObject, type: string, index: number, isDone: boolean, seq: number): void {
    const key = keyOf(index);
    const part = this.#parts.get(key) ?? this.#add(key, newOtherPart(type, item, seq));
    if (part?.kind !== 'other') return;
    part.value = item;
    part.status = stringMember(item, 'status') ?? part.status;
    part.done = isDone;
  }

  /** A complete message or reasoning item: has what no delta had, and the parts without deltas. */
  #settleItem(item: JsonObject, index: number, seq: number): void {
    arrayMember(item, 'content').forEach((content, n) => {
      const type = stringMember(content, 'type');
      const kind = type === 'refusal' ? 'refusal' : type === 'reasoning_text' ? 'reasoning' : 'text';
      const text = stringMember(content, kind === 'refusal' ? 'refusal' : 'text');
      this.#settlePart(keyOf(index, 'content_index', n, kind), kind, text ?? '', seq);
    });
    arrayMember(item, 'summary').forEach((summary: JsonValue, n) => {
      const text = stringMember(summary, 'text');
      this.#settlePart(keyOf(index, 'summary_index', n, 'reasoning'), 'reasoning', text ?? '', seq);
    });
  }

  #settlePart(key: string, kind: TextPart['kind'], text: string, seq: number): void {
    const part = this.#parts.get(key) ?? (text === '' ? null : this.#add(key, newTextPart(kind)));
    if (part === null || !isTextPart(part)) return;
    if (!part.done || part.text.length === 0) this.#settleText(part, text, seq);
    part.done = true;
  }

  #settleText(part: TextPart, whole: string | null, seq: number): void {
    if (whole === null) return;
    if (part.text.length === 0) part.text.append(whole, seq);
    else if (part.text.toString() !== whole) {
      this.#problems.add('unexpected-shape', seq, 'The complete text differs from its deltas');
    }
  }

  #settleArguments(call: ToolCallPart, whole: string | null, seq: number): void {
    if (call.done || whole === null) return;
    call.done = true;
    if (call.arguments.length === 0) appendArguments(call, whole, seq);
    else if (call.arguments.toString() !== whole) {
      const message = 'The complete arguments differ from their deltas';
      this.#problems.add('unexpected-shape', seq, message);
    }
    this.#problems.checkArguments(call, seq);
  }

  #neverBegan(item: number | null, seq: number): void {
    const message = `Output item ${keyOf(item)} continues but never started`;
    this.#problems.add('tool-index-missing', seq, message);
  }

  #add<Part extends MessagePart>(key: string, part: Part): Part | null {
    if (this.#message.parts.length >= MAX_PARTS) return null;
    this.#parts.set(key, part);
    this.#message.parts.push(part);
    return part;
  }
}

function keyOf(item: number | null, ...place: readonly (string | number)[]): string {
  return [item ?? '?', ...place].join('/');
}
