import {
  isJsonObject,
  type JsonObject,
  indexMember,
  member,
  objectMember,
  stringMember,
} from '../json/json-value.ts';
import { MAX_PARTS, type Problems } from './assembly.ts';
import { argumentsText } from './chat-delta.ts';
import { appendArguments, newToolCall, type Message, type ToolCallPart } from './message.ts';

/** The tool calls of one chat message, by index, or by id or name if the index is missing or repeated. */
export class ChatToolCalls {
  readonly #message: Message;
  readonly #problems: Problems;
  /** The newest call at each index. */
  readonly #byIndex = new Map<number, ToolCallPart>();
  readonly #byId = new Map<string, ToolCallPart>();
  /** The first unused index. */
  #free = 0;
  #newest: ToolCallPart | null = null;

  constructor(message: Message, problems: Problems) {
    this.#message = message;
    this.#problems = problems;
  }

  /** Reads one entry of `tool_calls`. @returns code units of arguments in it */
  read(delta: JsonObject, seq: number): number {
    const id = nonEmpty(stringMember(delta, 'id'));
    const custom = objectMember(delta, 'custom');
    const body = objectMember(delta, 'function') ?? custom;
    const name = nonEmpty(stringMember(body ?? undefined, 'name'));
    const text = argumentsText(body);
    const index = indexMember(delta, 'index');
    let call = index === null ? this.#withoutIndex(id, name, text, seq) : this.#atIndex(index, id, name, seq);
    if (call === null) {
      if (this.#message.parts.length >= MAX_PARTS) return 0;
      const isShared = index !== null && this.#byIndex.has(index);
      const number = index === null || isShared ? this.#free : index;
      call = newToolCall(stringMember(delta, 'type') ?? 'function', seq, custom === null, number);
      this.#message.parts.push(call);
      this.#free = Math.max(this.#free, number + 1);
      this.#byIndex.set(index ?? number, call);
      if (id === null && name === null && index !== null) {
        this.#problems.add('tool-index-missing', seq, `Tool call ${index} continues but never began`);
      }
    }
    this.#newest = call;
    call.id ??= id;
    if (id !== null) this.#byId.set(id, call);
    // Names arrive whole, except from a server that sends the rest of the name without the id.
    if (call.name === null) call.name = name;
    else if (name !== null && call.name !== name && id === null) call.name += name;
    if (text === null) return 0;
    const given = member(body ?? undefined, 'arguments');
    return this.#append(call, text, isJsonObject(given) ? given : null, seq);
  }

  /** The call of a delta with an index; null if the delta begins one. */
  #atIndex(index: number, id: string | null, name: string | null, seq: number): ToolCallPart | null {
    const call = this.#byIndex.get(index);
    if (call === undefined) return null;
    // Some servers give each delta another id: only a delta with a name can begin a call.
    if (id === null || call.id === null || id === call.id || name === null) return call;
    if (name === call.name && call.arguments.length > 0 && !isWhole(call)) return call;
    this.#problems.add('tool-index-missing', seq, `Two tool calls have index ${index}: ${call.id} and ${id}`);
    return null;
  }

  /** As `#atIndex`, for a delta without an index: an id or name begins a call, else it continues the newest one. */
  #withoutIndex(
    id: string | null,
    name: string | null,
    text: string | null,
    seq: number,
  ): ToolCallPart | null {
    const newest = this.#newest;
    const sameId = id === null ? null : (this.#byId.get(id) ?? null);
    const begins = id === null ? name !== null && (newest === null || isWhole(newest)) : sameId === null;
    // A call in one piece needs no index, and some servers send none.
    if (begins && name !== null && (text === null || isJson(text))) return null;
    this.#problems.add('tool-index-missing', seq, 'A piece of a tool call has no index');
    return begins ? null : (sameId ?? newest);
  }

  /** @param given the arguments, if they came as JSON instead of text */
  #append(call: ToolCallPart, text: string, given: JsonObject | null, seq: number): number {
    if (given !== null && call.arguments.length > 0) {
      const problem = 'The arguments are an object after a part of them was text';
      this.#problems.add('unexpected-shape', seq, problem);
      return 0;
    }
    call.given = given;
    appendArguments(call, text, seq);
    return text.length;
  }
}

/** Whether the arguments of a call are empty or a complete JSON text. */
function isWhole(call: ToolCallPart): boolean {
  return call.arguments.length === 0 || call.json?.complete === true;
}

function isJson(text: string): boolean {
  if (text === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function nonEmpty(text: string | null): string | null {
  return text === '' ? null : text;
}
