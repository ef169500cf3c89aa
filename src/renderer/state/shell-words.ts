/**
 * Splits a command line into words as a POSIX shell does, as far as pasted commands need it: quotes, backslashes, lines
 * continued with a backslash, and bash's `$'…'`. Nothing is expanded. Null if a quote is not closed.
 */
export function shellWords(command: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < command.length) {
    const character = command[at] ?? '';
    if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else if (character === '\\') {
      const next = command[at + 1] ?? '';
      if (next === '\r' && command[at + 2] === '\n') at += 3;
      else {
        if (next !== '\n') word = (word ?? '') + next;
        at += 2;
      }
    } else if (character === "'" || command.startsWith("$'", at)) {
      const quoted = character === "'" ? plainQuote(command, at + 1) : escapedQuote(command, at + 2);
      if (quoted === null) return null;
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (character === '"') {
      const quoted = doubleQuote(command, at + 1);
      if (quoted === null) return null;
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else {
      word = (word ?? '') + character;
      at += 1;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

interface Quoted {
  readonly text: string;
  /** Position after the closing quote. */
  readonly end: number;
}

function plainQuote(command: string, from: number): Quoted | null {
  const end = command.indexOf("'", from);
  return end === -1 ? null : { text: command.slice(from, end), end: end + 1 };
}

function doubleQuote(command: string, from: number): Quoted | null {
  let text = '';
  for (let at = from; at < command.length; at += 1) {
    const character = command[at] ?? '';
    if (character === '"') return { text, end: at + 1 };
    if (character === '\\' && /["\\$`\n]/.test(command[at + 1] ?? '')) {
      at += 1;
      if (command[at] !== '\n') text += command[at] ?? '';
    } else text += character;
  }
  return null;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
};

function escapedQuote(command: string, from: number): Quoted | null {
  let text = '';
  for (let at = from; at < command.length; at += 1) {
    const character = command[at] ?? '';
    if (character === "'") return { text, end: at + 1 };
    if (character !== '\\') {
      text += character;
      continue;
    }
    const numbered = /^\\(?:u([0-9a-f]{1,4})|x([0-9a-f]{1,2}))/i.exec(command.slice(at, at + 6));
    if (numbered !== null) {
      text += String.fromCharCode(Number.parseInt(numbered[1] ?? numbered[2] ?? '0', 16));
      at += numbered[0].length - 1;
    } else {
      at += 1;
      const next = command[at] ?? '';
      text += escapes[next] ?? next;
    }
  }
  return null;
}
