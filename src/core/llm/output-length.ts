import { arrayMember, member, objectMember, stringMember } from '../json/json-access.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { argumentsText, deltaOf, readDelta } from './chat-delta.ts';
import { dialectOfPayload } from './dialect.ts';
import type { Dialect } from './message.ts';

/** Output tokens as a provider counts them so far. */
export interface TokenCount {
  /** All of them, those of reasoning too. */
  readonly count: number;
  /** Of them reasoning, whether it was streamed or not; 0 where the provider does not say. */
  readonly reasoning: number;
}

/** What one payload brings of a message, for counting; see the assemblers for the message itself. */
export interface Output {
  readonly dialect: Dialect;
  /** Code units of model output: text, reasoning, refusal, arguments. */
  readonly length: number;
  /** Of them the model's reasoning as it thought it, and a summary of it. */
  readonly reasoning: number;
  readonly summary: number;
  /** Null where the payload does not say. */
  readonly tokens: TokenCount | null;
  /** Bytes of members that only pad the payload, so that its length does not give its text away. */
  readonly padding: number;
  /** The payload says that the message is finished. */
  readonly finished: boolean;
}

/** What a payload brings; null where it speaks no known dialect. Keeps nothing and costs little, so that it can run live. */
export function outputOf(value: JsonValue | undefined): Output | null {
  const dialect = dialectOfPayload(value);
  if (dialect === null || !isJsonObject(value)) return null;
  const padding = paddingOf(value);
  switch (dialect) {
    case 'openai-chat':
      return { dialect, padding, ...chatOutput(value) };
    case 'openai-responses':
      return { dialect, padding, ...responsesOutput(value) };
    case 'anthropic-messages':
      return { dialect, padding, ...anthropicOutput(value) };
    case 'google-generate-content':
      return { dialect, padding, ...googleOutput(value) };
  }
}

type Counted = Pick<Output, 'length' | 'reasoning' | 'summary' | 'tokens' | 'finished'>;

function chatOutput(value: JsonObject): Counted {
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
  const completion = count(usage, 'completion_tokens');
  if (completion === null) return null;
  const details = objectMember(usage ?? undefined, 'completion_tokens_details');
  const reasoning = count(details, 'reasoning_tokens') ?? count(usage, 'reasoning_tokens') ?? 0;
  const total = count(usage, 'total_tokens') ?? 0;
  // xAI counts reasoning beside the completion and not in it: its total tells.
  const isBeside = total - (count(usage, 'prompt_tokens') ?? 0) >= completion + reasoning;
  return { count: isBeside ? completion + reasoning : completion, reasoning };
}

const reasoningDelta = 'response.reasoning_text.delta';
const summaryDelta = 'response.reasoning_summary_text.delta';

function responsesOutput(value: JsonObject): Counted {
  const type = stringMember(value, 'type') ?? '';
  const length = type.endsWith('.delta') ? (stringMember(value, 'delta') ?? '').length : 0;
  const usage = objectMember(objectMember(value, 'response') ?? undefined, 'usage');
  const tokens = count(usage, 'output_tokens');
  const details = objectMember(usage ?? undefined, 'output_tokens_details');
  return {
    length,
    reasoning: type === reasoningDelta ? length : 0,
    summary: type === summaryDelta ? length : 0,
    tokens: tokens === null ? null : { count: tokens, reasoning: count(details, 'reasoning_tokens') ?? 0 },
    finished: /^response\.(completed|incomplete|failed)$/.test(type),
  };
}

function anthropicOutput(value: JsonObject): Counted {
  const delta = objectMember(value, 'delta') ?? undefined;
  const thinking = stringMember(delta, 'thinking');
  const text = stringMember(delta, 'text') ?? thinking ?? stringMember(delta, 'partial_json') ?? '';
  // What message_start counts is before the answer.
  const tokens = count(objectMember(value, 'usage'), 'output_tokens');
  return {
    length: text.length,
    reasoning: thinking?.length ?? 0,
    summary: 0,
    tokens: tokens === null ? null : { count: tokens, reasoning: 0 },
    finished: stringMember(delta, 'stop_reason') !== null || member(value, 'type') === 'message_stop',
  };
}

function googleOutput(value: JsonObject): Counted {
  let length = 0;
  let summary = 0;
  let finished = false;
  for (const candidate of arrayMember(value, 'candidates')) {
    if (stringMember(candidate, 'finishReason') !== null) finished = true;
    for (const part of arrayMember(objectMember(candidate, 'content') ?? undefined, 'parts')) {
      const text = stringMember(part, 'text') ?? '';
      const call = objectMember(part, 'functionCall') ?? undefined;
      const args = objectMember(call, 'args');
      length += text.length + (args === null ? 0 : JSON.stringify(args).length);
      for (const piece of arrayMember(call, 'partialArgs')) length += partialLength(piece);
      // What Google streams of a thought is a summary of it.
      if (member(part, 'thought') === true) summary += text.length;
    }
  }
  const usage = objectMember(value, 'usageMetadata');
  const answer = count(usage, 'candidatesTokenCount');
  const reasoning = count(usage, 'thoughtsTokenCount') ?? 0;
  const tokens = answer === null ? null : { count: answer + reasoning, reasoning };
  return { length, reasoning: 0, summary, tokens, finished };
}

/** Code units of a value that comes with its path: of any that is no string, its JSON. */
function partialLength(piece: JsonValue): number {
  const text = stringMember(piece, 'stringValue');
  const value = member(piece, 'numberValue') ?? member(piece, 'boolValue') ?? member(piece, 'nullValue');
  return text?.length ?? (value === undefined ? 0 : JSON.stringify(value).length);
}

function count(usage: JsonObject | null, key: string): number | null {
  const found = member(usage ?? undefined, key);
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : null;
}

/** What Bedrock pads its payloads with is a beginning of this. */
const bedrockPadding = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Bytes of a payload's padding: OpenAI's `obfuscation`, and Bedrock's `p`, at the top or one object deeper. */
function paddingOf(value: JsonObject): number {
  const obfuscation = stringMember(value, 'obfuscation');
  if (obfuscation !== null) return memberBytes('obfuscation', obfuscation);
  const padding = stringMember(value, 'p') ?? stringMember(objectMember(value, 'delta') ?? undefined, 'p');
  return padding !== null && bedrockPadding.startsWith(padding) ? memberBytes('p', padding) : 0;
}

/** Bytes of a member in JSON: two pairs of quotes, a colon and a comma around key and text. */
function memberBytes(key: string, text: string): number {
  return key.length + text.length + 6;
}
