import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import type { Dialect, StreamHead } from './dialect.ts';
import { googleGenerateContent } from './google-generate-content.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiResponses } from './openai-responses.ts';

/**
 * Every dialect, in the order in which a payload is tried: those with names of their own first, and last the one that
 * many makes speak, each a little differently.
 */
export const dialects = [openAiResponses, anthropicMessages, googleGenerateContent, openAiChat] as const;

/** The name of a dialect, as it stands in records and files. */
export type DialectName = (typeof dialects)[number]['id'];

/** Names of all dialects. */
export const dialectNames: readonly DialectName[] = dialects.map(({ id }) => id);

/** The dialect that one payload speaks; null where it could be anything. Never throws. */
export function dialectOfPayload(
  value: JsonValue | undefined,
  head: StreamHead,
): Dialect<DialectName> | null {
  if (!isJsonObject(value)) return null;
  for (const dialect of dialects) if (dialect.matches(value, head)) return dialect;
  return null;
}

/** The dialect that an exchange suggests: only a hint, for payloads that say nothing (an error as the first event). */
export function dialectSuggestedBy(head: StreamHead): Dialect<DialectName> | null {
  return dialects.find((dialect) => dialect.suggestedBy(head)) ?? null;
}

/** The dialect of that name. */
export function dialectNamed(name: DialectName): Dialect<DialectName> {
  const found = dialects.find(({ id }) => id === name);
  if (found === undefined) throw new Error(`There is no dialect ${name}.`);
  return found;
}
