import { stringEnd } from '../json/json-token.ts';
import type { JsonValue } from '../json/json-value.ts';

/** Arrays and objects allowed in a text of any length; a longer text may have one per `CHARACTERS_EACH` characters. */
const ALWAYS_ALLOWED = 1_000_000;
const CHARACTERS_EACH = 8;

/** The value of a JSON text, or why it cannot be read: one phrase. */
type BoundedJson = { readonly value: JsonValue } | { readonly problem: string };

/**
 * `JSON.parse` for a file of unknown origin. An empty array takes about 30 times the memory of its text, so a text that
 * is mostly brackets is refused before it is parsed.
 */
export function parseBounded(text: string): BoundedJson {
  const problem = excessOf(text);
  if (problem !== null) return { problem };
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function excessOf(text: string): string | null {
  // Fast path: nearly every line of a capture.
  if (text.length <= ALWAYS_ALLOWED) return null;
  const most = Math.max(ALWAYS_ALLOWED, text.length / CHARACTERS_EACH);
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at);
    else if (code === 0x5b || code === 0x7b) {
      count += 1;
      if (count > most) return 'it has too many brackets';
    }
  }
  return null;
}
