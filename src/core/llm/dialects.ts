import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import type { Dialect, StreamHead } from './dialect.ts';
import { googleGenerateContent } from './google-generate-content.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiResponses } from './openai-responses.ts';

/**
 * All dialects, in the order in which payloads are matched: first those with unique names, last the one that many
 * servers speak with variations.
 */
export const dialects = [openAiResponses, anthropicMessages, googleGenerateContent, openAiChat] as const;

/** The name of a dialect in records and files. */
export type DialectName = (typeof dialects)[number]['id'];

/** Names of all dialects. */
export const dialectNames: readonly DialectName[] = dialects.map(({ id }) => id);

/** The dialect of one payload, or null. Never throws. */
export function dialectOfPayload(
  value: JsonValue | undefined,
  head: StreamHead,
): Dialect<DialectName> | null {
  if (!isJsonObject(value)) return null;
  for (const dialect of dialects) if (dialect.matches(value, head)) return dialect;
  return null;
}

/** The dialect that request or response suggest: for payloads that match none (an error as the first event). */
export function dialectSuggestedBy(head: StreamHead): Dialect<DialectName> | null {
  return dialects.find((dialect) => dialect.suggestedBy(head)) ?? null;
}

/** The dialect of that name. */
export function dialectNamed(name: DialectName): Dialect<DialectName> {
  const found = dialects.find(({ id }) => id === name);
  if (found === undefined) throw new Error(`Dialect ${name} does not exist.`);
  return found;
}
