import { isSecretMember, REDACTED } from './secret-name.ts';

/**
 * A JSON text with the strings that members named as secrets (`api_key`, `password`) have as their value redacted, at any
 * depth. It is treated as text, so that everything else stays as it was, down to its white space; one that breaks off, or
 * is no JSON, is treated as far as it goes. Linear.
 */
export function redactJson(text: string): string {
  let redacted = '';
  let copied = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    const end = stringEnd(text, at);
    const colon = afterSpace(text, end);
    if (text[colon] !== ':') {
      at = end;
      continue;
    }
    const value = afterSpace(text, colon + 1);
    if (text[value] !== '"') {
      at = value;
      continue;
    }
    const valueEnd = stringEnd(text, value);
    const isEmpty = text.startsWith('""', value);
    if (!isEmpty && isSecretMember(unescaped(text.slice(at, end)))) {
      redacted += text.slice(copied, value + 1) + REDACTED;
      copied = isClosed(text, value, valueEnd) ? valueEnd - 1 : valueEnd;
    }
    at = valueEnd;
  }
  return redacted + text.slice(copied);
}

/** Where the string that begins at `start` ends, behind its quotation mark; the text's end where it has none. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function isClosed(text: string, start: number, end: number): boolean {
  if (end < text.length) return true;
  // The last quotation mark may be an escaped one.
  return (
    end - start > 1 && text.endsWith('"') && (/\\*$/.exec(text.slice(start, -1))?.[0].length ?? 0) % 2 === 0
  );
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

function unescaped(name: string): string {
  try {
    return String(JSON.parse(name));
  } catch {
    return name;
  }
}
