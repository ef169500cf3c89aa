import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  arrayMember,
  member,
  objectMember,
  stringMember,
} from '../json/json-value.ts';
import type { TextPart } from './message.ts';

/** Receives the content of a delta, in order. The assembler and the output counter share this reader. */
interface DeltaReader {
  /** @param isSummary a summary of the reasoning, not the reasoning itself */
  text(kind: TextPart['kind'], text: string, isSummary: boolean): void;
  /** A part without text that belongs to one: a reference, a signature, encrypted reasoning. */
  extra?(kind: TextPart['kind'], type: string, value: JsonValue): void;
}

/**
 * Reads the texts of a chat delta in all known shapes:
 * - `content` as a string, or as parts: `{type: "text", text}` and Mistral's `{type: "thinking", thinking: […]}`;
 * - `reasoning_content` (DeepSeek, vLLM), `reasoning` (Groq, OpenRouter), and OpenRouter's `reasoning_details`, which repeat
 *   the text of `reasoning`;
 * - `refusal`.
 */
export function readDelta(delta: JsonObject, reader: DeltaReader): void {
  readReasoning(delta, reader);
  readContent(member(delta, 'content'), reader);
  const refusal = stringMember(delta, 'refusal');
  if (refusal !== null) reader.text('refusal', refusal, false);
}

/** The exact text of a call's arguments, or null. Some servers send JSON instead of a string. */
export function argumentsText(call: JsonObject | null): string | null {
  const given = member(call ?? undefined, 'arguments') ?? member(call ?? undefined, 'input');
  if (typeof given === 'string') return given;
  return isJsonObject(given) || isJsonArray(given) ? JSON.stringify(given) : null;
}

function readReasoning(delta: JsonObject, reader: DeltaReader): void {
  // Some servers send the same reasoning in several members.
  const text = stringMember(delta, 'reasoning_content') || stringMember(delta, 'reasoning') || null;
  const details = arrayMember(delta, 'reasoning_details');
  const isSummary = details.some((detail) => stringMember(detail, 'summary') !== null);
  if (text !== null) reader.text('reasoning', text, isSummary);
  for (const detail of details) {
    const own = stringMember(detail, 'text') ?? stringMember(detail, 'summary');
    if (own !== null && text === null) reader.text('reasoning', own, isSummary);
    const opaque = stringMember(detail, 'data') ?? stringMember(detail, 'signature');
    if (opaque !== null) reader.extra?.('reasoning', stringMember(detail, 'type') ?? 'reasoning', detail);
  }
}

function readContent(content: JsonValue | undefined, reader: DeltaReader): void {
  if (typeof content === 'string') reader.text('text', content, false);
  if (!isJsonArray(content)) return;
  for (const part of content) {
    const text = stringMember(part, 'text');
    const thinking = member(part, 'thinking');
    if (text !== null) reader.text('text', text, false);
    else if (typeof thinking === 'string') reader.text('reasoning', thinking, false);
    else if (isJsonArray(thinking)) {
      for (const piece of thinking) reader.text('reasoning', stringMember(piece, 'text') ?? '', false);
    } else if (typeof part === 'string') reader.text('text', part, false);
    else if (isJsonObject(part)) reader.extra?.('text', stringMember(part, 'type') ?? 'unknown', part);
  }
}

/** The delta of a choice, or the whole message if the server sends it at once. */
export function deltaOf(choice: JsonValue): JsonObject | null {
  return objectMember(choice, 'delta') ?? objectMember(choice, 'message');
}
