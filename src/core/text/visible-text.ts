/**
 * Invisible characters: controls, format characters (including direction overrides), lone surrogates, line and
 * paragraph separators, and fillers.
 */
// Private-use characters (Co) and unassigned ones (Cn) show as a box by themselves.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;
const allInvisible = new RegExp(invisible.source, 'gu');

const SIGNS = new Map([
  ['\n', '↵'],
  ['\r', '←'],
  ['\t', '→'],
  ['\0', '∅'],
]);

/** Replaces every invisible character by a sign: `↵`, `→`, or its number as `‹202e›`. */
export function visibleText(text: string): string {
  if (!invisible.test(text)) return text;
  return text.replace(allInvisible, (character) => SIGNS.get(character) ?? `‹${codePoint(character)}›`);
}

/** Like `visibleText`, but keeps line feeds. */
export function visibleLines(text: string): string {
  if (!invisible.test(text)) return text;
  return text.split('\n').map(visibleText).join('\n');
}

/** Controls other than line feed and tab, and what changes the direction of writing. */
// biome-ignore format: one class of characters
const hidingOrTurning = /[\u0000-\u0008\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of several lines with what would hide or turn it replaced, each character by one sign: positions stay the same. */
export function visibleInPlace(text: string): string {
  return text.replace(hidingOrTurning, (character) => {
    const code = character.charCodeAt(0);
    // Control Pictures: U+2400 for NUL and so on, U+2421 for DELETE.
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\u25af';
  });
}

/** Like `visibleText`, on one line: a run of white space becomes a space. */
export function visibleLine(text: string): string {
  return visibleText(text.replace(/\s+/g, ' '));
}

/** `text` as a JSON string literal on one line, with invisible characters escaped, for reading and pasting. */
export function quotedText(text: string): string {
  return visibleJson(JSON.stringify(text));
}

/** JSON text on one line with the invisible characters that JSON allows in strings escaped. The value is unchanged. */
export function visibleJson(json: string): string {
  if (!invisible.test(json)) return json;
  return json.replace(allInvisible, (character) => {
    let escaped = '';
    for (let at = 0; at < character.length; at++)
      escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
}
