import { GrowingJson } from '../json/growing-json.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { DialectName } from './dialects.ts';
import { GrowingText } from './growing-text.ts';

/** Text that the model wrote: what it says, what it thinks, or why it will not. */
export interface TextPart {
  readonly kind: 'text' | 'reasoning' | 'refusal';
  readonly text: GrowingText;
  /** Citations, annotations, signatures, logprobs: passed through as they came, with their event. */
  readonly extras: { readonly type: string; readonly value: JsonValue; readonly seq: number }[];
  /** The provider said that this part is whole. */
  done: boolean;
}

/** A call of a tool, with its arguments as they grow. */
export interface ToolCallPart {
  readonly kind: 'tool-call';
  /** As the provider names it: `function`, `custom`, `mcp_call`, `tool_use`, `server_tool_use`, … */
  type: string;
  id: string | null;
  name: string | null;
  /** The exact text of the arguments. */
  readonly arguments: GrowingText;
  /** The arguments as JSON, growing; null where the tool takes free text. */
  json: GrowingJson | null;
  /** Arguments that came whole, as JSON and not as a text in pieces; null where they did not. */
  given: JsonValue | null;
  /** The provider's word for its state, where it sends one. */
  status: string | null;
  /** What the tool answered, where the provider runs it. */
  output: JsonValue | null;
  /** Its number among the calls of its message, where the dialect numbers them; null where it does not. */
  readonly index: number | null;
  readonly firstSeq: number;
  done: boolean;
}

/** Anything else in a message, kept as it came: results of server tools, built-in tools with their states, images. */
export interface OtherPart {
  readonly kind: 'other';
  readonly type: string;
  value: JsonObject;
  status: string | null;
  readonly firstSeq: number;
  done: boolean;
}

/** A part of a message; which kind says `kind`. */
export type MessagePart = TextPart | ToolCallPart | OtherPart;

/** Whether a part is text, of whatever kind. */
export function isTextPart(part: MessagePart): part is TextPart {
  return part.kind === 'text' || part.kind === 'reasoning' || part.kind === 'refusal';
}

/** What says where a part is shown. */
interface Placed {
  readonly kind: MessagePart['kind'];
  readonly index?: number | null;
}

/**
 * The order in which the parts of a message are shown, as their positions: calls that have an index stand in its order,
 * in the places of calls, as in the official packages. All else stays where it began.
 */
export function shownOrder(parts: readonly Placed[]): readonly number[] {
  const places = parts.map((_, n) => n);
  const numbered = places.filter((n) => typeof parts[n]?.index === 'number');
  const sorted = numbered.toSorted((a, b) => (parts[a]?.index ?? 0) - (parts[b]?.index ?? 0));
  for (const [n, place] of numbered.entries()) places[place] = sorted[n] ?? place;
  return places;
}

/** What a dialect's deltas add up to. Mutable while it grows; parts stand in the order in which they began. */
export interface Message {
  readonly dialect: DialectName;
  /** Index among the choices (candidates) of its response. */
  readonly choice: number;
  /** Provider's id and model, as last said. */
  id: string | null;
  model: string | null;
  role: string | null;
  readonly parts: MessagePart[];
  finishReason: string | null;
  /** As the provider sent it, newest. */
  usage: JsonObject | null;
  /** Other members worth keeping: citations, prompt filter results, stop details. */
  readonly extras: Map<string, JsonValue>;
  error: { readonly message: string; readonly seq: number } | null;
  /** The dialect's own sign of a whole message came, and no error. */
  complete: boolean;
  /** Number of the first and the last event that touched it. */
  readonly firstSeq: number;
  lastSeq: number;
}

/**
 * How a stream ended as far as its dialect is concerned.
 * - `complete`: every message has the dialect's own sign of its end.
 * - `unfinished`: one has not. `failed`: the provider sent an error.
 * - `none`: the stream has no message.
 */
export type MessageEnd = 'complete' | 'unfinished' | 'failed' | 'none';

/** How messages ended; see `MessageEnd`. */
export function messageEndOf(messages: readonly Message[]): MessageEnd {
  if (messages.length === 0) return 'none';
  if (messages.some(({ error }) => error !== null)) return 'failed';
  return messages.every(({ complete }) => complete) ? 'complete' : 'unfinished';
}

/** A message of which nothing is known yet, begun by the event `seq`. */
export function newMessage(dialect: DialectName, choice: number, seq: number): Message {
  return {
    dialect,
    choice,
    id: null,
    model: null,
    role: null,
    parts: [],
    finishReason: null,
    usage: null,
    extras: new Map(),
    error: null,
    complete: false,
    firstSeq: seq,
    lastSeq: seq,
  };
}

/** A text part without text. */
export function newTextPart(kind: TextPart['kind']): TextPart {
  return { kind, text: new GrowingText(), extras: [], done: false };
}

/**
 * @param json false where the tool takes free text instead of JSON
 * @param index its number among the calls of its message, where the dialect numbers them
 */
export function newToolCall(
  type: string,
  seq: number,
  json = true,
  index: number | null = null,
): ToolCallPart {
  return {
    kind: 'tool-call',
    type,
    id: null,
    name: null,
    arguments: new GrowingText(),
    json: json ? new GrowingJson() : null,
    given: null,
    status: null,
    output: null,
    index,
    firstSeq: seq,
    done: false,
  };
}

/** Adds a piece of the arguments, to the exact text and to the growing tree. */
export function appendArguments(call: ToolCallPart, text: string, seq: number): void {
  call.arguments.append(text, seq);
  call.json?.push(text);
}

/** Members that are kept of a message besides what is told of: one can have any number of them. */
const MAX_EXTRAS = 100;

/** Keeps the members of what a provider sent that are not told of elsewhere, the newest of each. */
export function keepExtras(
  extras: Map<string, JsonValue>,
  sent: JsonObject,
  toldElsewhere: ReadonlySet<string>,
): void {
  for (const [key, value] of Object.entries(sent)) {
    if (!toldElsewhere.has(key) && value !== null && extras.size < MAX_EXTRAS) extras.set(key, value);
  }
}

/** A part kept as it came. */
export function newOtherPart(type: string, value: JsonObject, seq: number): OtherPart {
  return { kind: 'other', type, value, status: null, firstSeq: seq, done: false };
}

/** The text part of this kind that is at the end of a message: begins one where another kind is, or none. */
export function textPartAtEnd(message: Message, kind: TextPart['kind']): TextPart {
  const last = message.parts.at(-1);
  if (last?.kind === kind && !last.done) return last;
  const part = newTextPart(kind);
  message.parts.push(part);
  return part;
}
