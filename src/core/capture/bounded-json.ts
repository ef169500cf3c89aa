import { stringEnd } from '../json/json-token.ts';
import type { JsonValue } from '../json/json-value.ts';

/** Arrays and objects that a text may have whatever its length, and beyond them one for so many characters. */
const ALWAYS_ALLOWED = 1_000_000;
const CHARACTERS_EACH = 8;

/** A JSON text as a value, or why it is not read: one phrase. */
type BoundedJson = { readonly value: JsonValue } | { readonly problem: string };

/**
 * `JSON.parse` of a text from a file of unknown origin. An array of two characters takes some 30 times as much
 * memory as its text: a text of almost nothing but brackets is refused before anything is made of it.
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
  // Nearly every line of a capture is so short.
  if (text.length <= ALWAYS_ALLOWED) return null;
  const most = Math.max(ALWAYS_ALLOWED, text.length / CHARACTERS_EACH);
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at);
    else if (code === 0x5b || code === 0x7b) {
      count += 1;
      if (count > most) return 'it is almost nothing but brackets';
    }
  }
  return null;
}
