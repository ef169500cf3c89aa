import { stringEnd } from './json-token.ts';

const QUOTE = 0x22;

/**
 * A JSON text without the white space between its tokens, and otherwise as it was: every digit of every number, every
 * escape, every duplicate key. The text must be JSON.
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
