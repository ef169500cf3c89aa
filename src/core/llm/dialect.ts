import { arrayMember, member, objectMember, stringMember } from '../json/json-access.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { Dialect } from './message.ts';

const anthropicTypes = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
]);

/**
 * The dialect that one payload speaks, by what only that dialect has; null where it could be anything. Never throws.
 * - `openai-chat`: `choices` with deltas, or `object: "chat.completion.chunk"`. Azure's first chunk has empty `choices`.
 * - `openai-responses`: `type: "response.…"`.
 * - `anthropic-messages`: the types of its Messages API.
 * - `google-generate-content`: `candidates`, or `usageMetadata`.
 */
export function dialectOfPayload(value: JsonValue | undefined): Dialect | null {
  if (!isJsonObject(value)) return null;
  const type = stringMember(value, 'type');
  if (type?.startsWith('response.') === true) return 'openai-responses';
  if (type !== null && anthropicTypes.has(type)) return 'anthropic-messages';
  if (Array.isArray(member(value, 'candidates')) || objectMember(value, 'usageMetadata') !== null) {
    return 'google-generate-content';
  }
  if (stringMember(value, 'object')?.startsWith('chat.completion') === true) return 'openai-chat';
  const choices = arrayMember(value, 'choices');
  if (choices.some((choice) => objectMember(choice, 'delta') !== null)) return 'openai-chat';
  if (Array.isArray(member(value, 'choices')) && member(value, 'prompt_filter_results') !== undefined)
    return 'openai-chat';
  return null;
}

/** The dialect that a URL suggests: only a hint, for payloads that say nothing (an error as the first event). */
export function dialectOfUrl(url: string): Dialect | null {
  const path = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? '';
  if (/\/chat\/completions\/?$/.test(path)) return 'openai-chat';
  if (/\/responses\/?$/.test(path)) return 'openai-responses';
  if (/\/messages\/?$/.test(path)) return 'anthropic-messages';
  if (path.endsWith(':streamGenerateContent')) return 'google-generate-content';
  return null;
}
