import { GrowingJson } from '../json/growing-json.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { DialectName } from './dialects.ts';
import { GrowingText } from './growing-text.ts';

/** Text of the model: answer, reasoning or refusal. */
export interface TextPart {
  readonly kind: 'text' | 'reasoning' | 'refusal';
  readonly text: GrowingText;
  /** Citations, annotations, signatures, logprobs: unchanged, with their event. */
  readonly extras: { readonly type: string; readonly value: JsonValue; readonly seq: number }[];
  /** The provider marked this part as complete. */
  done: boolean;
}

/** A tool call with growing arguments. */
export interface ToolCallPart {
  readonly kind: 'tool-call';
  /** The provider's type: `function`, `custom`, `mcp_call`, `tool_use`, `server_tool_use`, … */
  type: string;
  id: string | null;
  name: string | null;
  /** The exact text of the arguments. */
  readonly arguments: GrowingText;
  /** The arguments as growing JSON; null if the tool takes free text. */
  json: GrowingJson | null;
  /** Arguments that came at once as JSON instead of text, or null. */
  given: JsonValue | null;
  /** Its state in the provider's words, if sent. */
  status: string | null;
  /** The result, if the provider runs the tool. */
  output: JsonValue | null;
  /** Its index among the calls of the message; null if the dialect has none. */
  readonly index: number | null;
  readonly firstSeq: number;
  done: boolean;
}

/** Any other part, unchanged: results of server tools, built-in tools with their states, images. */
export interface OtherPart {
  readonly kind: 'other';
  readonly type: string;
  value: JsonObject;
  status: string | null;
  readonly firstSeq: number;
  done: boolean;
}

/** A part of a message, by `kind`. */
export type MessagePart = TextPart | ToolCallPart | OtherPart;

/** Whether a part is text of any kind. */
export function isTextPart(part: MessagePart): part is TextPart {
  return part.kind === 'text' || part.kind === 'reasoning' || part.kind === 'refusal';
}

/** What the order of a part depends on. */
interface Placed {
  readonly kind: MessagePart['kind'];
  readonly index?: number | null;
}

/**
 * The display order of the parts, as their positions. Calls with an index are sorted by it among themselves, as in the
 * official packages. Everything else stays in the order in which it began.
 */
export function shownOrder(parts: readonly Placed[]): readonly number[] {
  const places = parts.map((_, n) => n);
  const numbered = places.filter((n) => typeof parts[n]?.index === 'number');
  const sorted = numbered.toSorted((a, b) => (parts[a]?.index ?? 0) - (parts[b]?.index ?? 0));
  for (const [n, place] of numbered.entries()) places[place] = sorted[n] ?? place;
  return places;
}

/** The message that the deltas of a dialect form. Mutable while it grows. Parts are in the order in which they began. */
export interface Message {
  readonly dialect: DialectName;
  /** Index among the choices (candidates) of its response. */
  readonly choice: number;
  /** Latest id and model from the provider. */
  id: string | null;
  model: string | null;
  role: string | null;
  readonly parts: MessagePart[];
  finishReason: string | null;
  /** Latest value from the provider, unchanged. */
  usage: JsonObject | null;
  /** Other members: citations, prompt filter results, stop details. */
  readonly extras: Map<string, JsonValue>;
  error: { readonly message: string; readonly seq: number } | null;
  /** The terminal event came, and no error. */
  complete: boolean;
  /** Number of the first and the last event of it. */
  readonly firstSeq: number;
  lastSeq: number;
}

/**
 * How a stream ended by the rules of its dialect.
 * - `complete`: every message has its terminal event.
 * - `unfinished`: one lacks it. `failed`: the provider sent an error.
 * - `none`: the stream has no message.
 */
export type MessageEnd = 'complete' | 'unfinished' | 'failed' | 'none';

/** How messages ended; see `MessageEnd`. */
export function messageEndOf(messages: readonly Message[]): MessageEnd {
  if (messages.length === 0) return 'none';
  if (messages.some(({ error }) => error !== null)) return 'failed';
  return messages.every(({ complete }) => complete) ? 'complete' : 'unfinished';
}

/** An empty message that the event `seq` begins. */
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

/** An empty text part. */
export function newTextPart(kind: TextPart['kind']): TextPart {
  return { kind, text: new GrowingText(), extras: [], done: false };
}

/**
 * @param json false if the tool takes free text
 * @param index among the calls of the message, if the dialect has one
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

/** Appends a piece of the arguments to the exact text and to the tree. */
export function appendArguments(call: ToolCallPart, text: string, seq: number): void {
  call.arguments.append(text, seq);
  call.json?.push(text);
}

/** The most extra members kept per message. */
const MAX_EXTRAS = 100;

/** Keeps the latest value of each member that is not read elsewhere. */
export function keepExtras(
  extras: Map<string, JsonValue>,
  sent: JsonObject,
  toldElsewhere: ReadonlySet<string>,
): void {
  for (const [key, value] of Object.entries(sent)) {
    if (!toldElsewhere.has(key) && value !== null && extras.size < MAX_EXTRAS) extras.set(key, value);
  }
}

/** A part kept unchanged. */
export function newOtherPart(type: string, value: JsonObject, seq: number): OtherPart {
  return { kind: 'other', type, value, status: null, firstSeq: seq, done: false };
}

/** The text part of this kind at the end of a message, created if the last part is another. */
export function textPartAtEnd(message: Message, kind: TextPart['kind']): TextPart {
  const last = message.parts.at(-1);
  if (last?.kind === kind && !last.done) return last;
  const part = newTextPart(kind);
  message.parts.push(part);
  return part;
}
