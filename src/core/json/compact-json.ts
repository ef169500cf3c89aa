import { stringEnd } from './json-token.ts';

const QUOTE = 0x22;

/**
 * Removes the white space between the tokens of a JSON text and keeps everything else: digits, escapes, duplicate keys.
 * The text must be valid JSON.
 */
export function compactJson(text: string): string {
  let out = '';
  let kept = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      out += text.slice(kept, at);
      kept = at + 1;
    }
  }
  return kept === 0 ? text : out + text.slice(kept);
}
