import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { DialectName } from './dialects.ts';
import { shownOrder, isTextPart, type Message, type TextPart, type ToolCallPart } from './message.ts';

/** A tool call in the output of the command line and in exports. */
interface ToolCallRecord {
  readonly id: string | null;
  readonly name: string | null;
  /** The exact text of the arguments. */
  readonly arguments: string;
  /** Their value; null if they are not JSON. */
  readonly parsed: JsonValue;
}

/** A message in the output of the command line and in exports. Missing members are null or empty. */
export interface MessageRecord {
  readonly dialect: DialectName;
  readonly choice: number;
  readonly role: string | null;
  readonly text: string | null;
  readonly reasoning: string | null;
  readonly refusal: string | null;
  readonly toolCalls: readonly ToolCallRecord[];
  readonly finishReason: string | null;
  readonly usage: JsonObject | null;
  readonly complete: boolean;
  readonly error: string | null;
}

/** The record of a message: texts joined by kind, tool calls with exact and parsed arguments. */
export function messageRecord(message: Message): MessageRecord {
  return {
    dialect: message.dialect,
    choice: message.choice,
    role: message.role,
    text: joined(message, 'text'),
    reasoning: joined(message, 'reasoning'),
    refusal: joined(message, 'refusal'),
    toolCalls: shownOrder(message.parts).flatMap((n) => {
      const part = message.parts[n];
      return part?.kind === 'tool-call' ? toolCallRecord(part) : [];
    }),
    finishReason: message.finishReason,
    usage: message.usage,
    complete: message.complete,
    error: message.error?.message ?? null,
  };
}

/** Null if no part of this kind began. */
function joined(message: Message, kind: TextPart['kind']): string | null {
  const parts = message.parts.filter(isTextPart).filter((part) => part.kind === kind);
  return parts.length === 0 ? null : parts.map((part) => part.text.toString()).join('');
}

function toolCallRecord(call: ToolCallPart): ToolCallRecord {
  const text = call.arguments.toString();
  return { id: call.id, name: call.name, arguments: text, parsed: parsedArguments(call, text) };
}

function parsedArguments(call: ToolCallPart, text: string): JsonValue {
  if (text === '') return call.given;
  if (call.json === null) return null;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
