import type { MessagesView, MessageView, PartView } from '../../contract/message-view.ts';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { GrowingText } from '../../core/llm/growing-text.ts';
import type { MessageAssembler } from '../../core/llm/message-assembler.ts';
import type { Message, MessagePart, TextPart, ToolCallPart } from '../../core/llm/message.ts';

/** Code units of each part's text that a user interface already has, by `message/part`. */
export type KnownLengths = Readonly<Record<string, number>>;

/** Most code units of text in one answer: the next one continues. */
const MOST_TEXT = 512 * 1024;
const MOST_JSON = 64 * 1024;
const MOST_EXTRA = 2000;
const MOST_EXTRAS = 100;
const MOST_PROBLEMS = 200;

/** The messages for a user interface, with only the new part of each text. */
export function viewMessages(
  assembler: MessageAssembler,
  known: KnownLengths,
  allRead: boolean,
): MessagesView {
  const budget = { left: MOST_TEXT, short: false };
  const messages = assembler.messages.map((message, n) => viewMessage(message, n, known, budget));
  return {
    dialect: assembler.dialect,
    whole: allRead && !budget.short,
    messages,
    problems: assembler.problems.slice(0, MOST_PROBLEMS),
    problemCount: assembler.problemCount,
  };
}

interface Budget {
  left: number;
  /** Something did not fit. */
  short: boolean;
}

function viewMessage(message: Message, n: number, known: KnownLengths, budget: Budget): MessageView {
  return {
    dialect: message.dialect,
    choice: message.choice,
    id: message.id,
    model: message.model,
    role: message.role,
    finishReason: message.finishReason,
    usage: message.usage,
    extras: [...message.extras].map(([name, value]) => ({ name, json: shortJson(value, MOST_EXTRA) })),
    error: message.error,
    complete: message.complete,
    events: [message.firstSeq, message.lastSeq],
    parts: message.parts.map((part, p) => viewPart(part, known[`${n}/${p}`] ?? 0, budget)),
  };
}

function viewPart(part: MessagePart, known: number, budget: Budget): PartView {
  switch (part.kind) {
    case 'other':
      return {
        kind: 'other',
        type: part.type,
        status: part.status,
        json: shortJson(part.value, MOST_JSON),
        seq: part.firstSeq,
        done: part.done,
      };
    case 'tool-call':
      return viewToolCall(part, known, budget);
    default:
      return viewText(part, known, budget);
  }
}

function viewText(part: TextPart, known: number, budget: Budget): PartView {
  return {
    kind: part.kind,
    ...growing(part.text, known, budget),
    done: part.done,
    extras: part.extras
      .slice(0, MOST_EXTRAS)
      .map(({ type, value, seq }) => ({ type, json: shortJson(value, MOST_EXTRA), seq })),
  };
}

function viewToolCall(call: ToolCallPart, known: number, budget: Budget): PartView {
  const { output } = call;
  return {
    kind: 'tool-call',
    type: call.type,
    id: call.id,
    name: call.name,
    index: call.index,
    ...growing(call.arguments, known, budget),
    isJson: call.json !== null,
    given: call.given === null ? null : shortJson(call.given, MOST_JSON),
    status: call.status,
    output:
      output === null
        ? null
        : typeof output === 'string'
          ? output.slice(0, MOST_JSON)
          : shortJson(output, MOST_JSON),
    done: call.done,
    problem: call.json?.problem ?? null,
  };
}

function growing(
  text: GrowingText,
  known: number,
  budget: Budget,
): { from: number; text: string; length: number } {
  const from = Math.min(known, text.length);
  const wanted = text.length - from;
  const taken = Math.min(wanted, budget.left);
  budget.left -= taken;
  if (taken < wanted) budget.short = true;
  return { from, text: taken === 0 ? '' : text.slice(from).slice(0, taken), length: text.length };
}

function shortJson(value: JsonValue, most: number): string {
  const json = JSON.stringify(value);
  return json.length > most ? `${json.slice(0, most)}…` : json;
}
