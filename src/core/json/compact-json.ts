const QUOTE = 0x22;
const BACKSLASH = 0x5c;

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

/** Index of the quotation mark that ends the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}
