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

/** Text of several lines: like `visibleText`, but line feeds stay. */
export function visibleLines(text: string): string {
  if (!invisible.test(text)) return text;
  return text.split('\n').map(visibleText).join('\n');
}

/** `text` as one line: white space is a space, and the rest as `visibleText` shows it. */
export function visibleLine(text: string): string {
  return visibleText(text.replace(/\s+/g, ' '));
}

/** `text` as a JSON string literal on one line, with what does not show itself escaped, so that it can be read and pasted. */
export function quotedText(text: string): string {
  return visibleJson(JSON.stringify(text));
}

/** JSON text on one line with what does not show itself, which JSON lets stand in strings, escaped: it means the same. */
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
