/** [spec] RFC 8259 §2: "ws = *( %x20 / %x09 / %x0A / %x0D )". */
export const whiteSpace: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];

function isWhiteSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** Index of the first character at or after `from` that is not JSON white space; the length without one. */
export function skipWhiteSpace(text: string, from: number): number {
  let i = from;
  while (i < text.length && isWhiteSpace(text.charCodeAt(i))) i++;
  return i;
}

/** Index after the last character that is not JSON white space. */
export function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && isWhiteSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether `text[from, to)` is one JSON string, number or literal. */
export function isScalar(text: string, from: number, to: number): boolean {
  const first = text.charCodeAt(from);
  if (first === 0x22) return isString(text, from, to);
  if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return number.test(text.slice(from, to));
  const length = to - from;
  return (
    (length === 4 && (text.startsWith('true', from) || text.startsWith('null', from))) ||
    (length === 5 && text.startsWith('false', from))
  );
}

function isString(text: string, from: number, to: number): boolean {
  // Cheap check before parsing: a long text may merely begin with a quote.
  if (to - from < 2 || text.charCodeAt(to - 1) !== 0x22) return false;
  try {
    JSON.parse(text.slice(from, to));
    return true;
  } catch {
    return false;
  }
}

/** Index of the quote that ends the string that begins at `start`; the length of the text without one. */
export function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return text.length;
}
