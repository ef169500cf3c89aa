/**
 * Characters that do not show themselves: controls, format characters (direction overrides among them), lone
 * surrogates, line and paragraph separators, and the tags and variation fillers that nobody sees.
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

/** `text` with every character that does not show itself replaced by a sign: `↵`, `→`, or its number as `‹202e›`. */
export function visibleText(text: string): string {
  if (!invisible.test(text)) return text;
  return text.replace(allInvisible, (character) => SIGNS.get(character) ?? `‹${codePoint(character)}›`);
}

/** `text` as a JSON string literal on one line, with what does not show itself escaped, so that it can be read and pasted. */
export function quotedText(text: string): string {
  return JSON.stringify(text).replace(allInvisible, (character) => {
    let escaped = '';
    for (let at = 0; at < character.length; at++)
      escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
}
