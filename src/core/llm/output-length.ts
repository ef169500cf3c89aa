import { arrayMember, member, objectMember, stringMember } from '../json/json-access.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { dialectOfPayload } from './dialect.ts';
import type { Dialect } from './message.ts';

/** What one payload brings of a message, for counting; see the assemblers for the message itself. */
export interface Output {
  readonly dialect: Dialect;
  /** Code units of model output: text, reasoning, refusal, arguments. */
  readonly length: number;
  /** Output tokens as the provider counts them so far; null where the payload does not say. */
  readonly tokens: number | null;
}

/** What a payload brings; null where it speaks no known dialect. Keeps nothing and costs little, so that it can run live. */
export function outputOf(value: JsonValue | undefined): Output | null {
  const dialect = dialectOfPayload(value);
  if (dialect === null || !isJsonObject(value)) return null;
  switch (dialect) {
    case 'openai-chat':
      return {
        dialect,
        length: chatLength(value),
        tokens: count(objectMember(value, 'usage'), 'completion_tokens'),
      };
    case 'openai-responses': {
      const delta =
        stringMember(value, 'type')?.endsWith('.delta') === true ? stringMember(value, 'delta') : null;
      const usage = objectMember(objectMember(value, 'response') ?? undefined, 'usage');
      return { dialect, length: delta?.length ?? 0, tokens: count(usage, 'output_tokens') };
    }
    case 'anthropic-messages': {
      const delta = objectMember(value, 'delta') ?? undefined;
      const text =
        stringMember(delta, 'text') ?? stringMember(delta, 'thinking') ?? stringMember(delta, 'partial_json');
      // What message_start counts is before the answer.
      return {
        dialect,
        length: text?.length ?? 0,
        tokens: count(objectMember(value, 'usage'), 'output_tokens'),
      };
    }
    case 'google-generate-content': {
      const usage = objectMember(value, 'usageMetadata');
      const answer = count(usage, 'candidatesTokenCount');
      const thoughts = count(usage, 'thoughtsTokenCount') ?? 0;
      return { dialect, length: googleLength(value), tokens: answer === null ? null : answer + thoughts };
    }
  }
}

function count(usage: JsonObject | null, key: string): number | null {
  const found = member(usage ?? undefined, key);
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : null;
}

function chatLength(value: JsonObject): number {
  let length = 0;
  for (const choice of arrayMember(value, 'choices')) {
    const delta = objectMember(choice, 'delta') ?? undefined;
    const reasoning = stringMember(delta, 'reasoning_content') ?? stringMember(delta, 'reasoning');
    length += (stringMember(delta, 'content') ?? '').length + (reasoning ?? '').length;
    length += (stringMember(delta, 'refusal') ?? '').length;
    for (const call of arrayMember(delta, 'tool_calls')) {
      length += (stringMember(objectMember(call, 'function') ?? undefined, 'arguments') ?? '').length;
    }
  }
  return length;
}

function googleLength(value: JsonObject): number {
  let length = 0;
  for (const candidate of arrayMember(value, 'candidates')) {
    for (const part of arrayMember(objectMember(candidate, 'content') ?? undefined, 'parts')) {
      const args = objectMember(objectMember(part, 'functionCall') ?? undefined, 'args');
      length += (stringMember(part, 'text') ?? '').length + (args === null ? 0 : JSON.stringify(args).length);
    }
  }
  return length;
}
