import { redactProse } from './redact-text.ts';
import { isSecretMember, isSecretName, REDACTED } from './secret-name.ts';

/** Flags of an open array or object. */
const isObject = 1;
/** It is the value of a member with a secret name: every string in it is secret. */
const isSecret = 2;
/** Its members are properties of a JSON Schema: their objects are descriptions, not values. */
const isSchema = 4;
/** Its members are header fields. */
const isHeaders = 8;
/** It has the tokens of a model's answer: `token` is text. */
const isTokens = 16;

/** Flags that apply to everything inside as well. */
const inherited = isSecret | isHeaders | isTokens;

const schemaMembers = new Set(['properties', 'patternProperties', '$defs', 'definitions']);
const tokenMembers = new Set(['logprobs', 'top_logprobs', 'logprobs_result']);

/**
 * Redacts a JSON text: strings in members with secret names (`api_key`, `password`), directly or nested (`token:
 * {value}`), header fields as pairs or as `{name, value}`, and in all other strings the secrets of URLs and credentials
 * (`Bearer …`). It works on the text, so everything else stays unchanged, including white space. A text that is cut off
 * or is not JSON is redacted as far as possible. Linear time.
 */
export function redactJson(text: string): string {
  const redaction = new Redaction(text);
  const significant = /["{}[\],]/g;
  for (let match = significant.exec(text); match !== null; match = significant.exec(text)) {
    const { index } = match;
    if (match[0] === '"') significant.lastIndex = redaction.string(index, stringEnd(text, index));
    else redaction.mark(match[0]);
  }
  return redaction.end();
}

class Redaction {
  readonly #text: string;
  #redacted = '';
  #copied = 0;
  /** Flags of each open array and object, the outermost first. */
  readonly #open: number[] = [];
  /** The header field that each of them names: the first item of a pair, or the member `name`. */
  readonly #names: (string | null)[] = [];
  /** The name of the member whose value comes next. */
  #member: string | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  mark(character: string): void {
    switch (character) {
      case '{':
      case '[':
        this.#open.push(this.#flagsOfNext() | (character === '{' ? isObject : 0));
        this.#names.push(null);
        break;
      case '}':
      case ']':
        this.#open.pop();
        this.#names.pop();
        break;
    }
    this.#member = null;
  }

  /** Reads a string and returns where the text continues. */
  string(start: number, end: number): number {
    const colon = afterSpace(this.#text, end);
    if (this.#text[colon] === ':') {
      this.#member = decoded(this.#text.slice(start, end));
      return colon + 1;
    }
    this.#value(start, end);
    this.#member = null;
    return end;
  }

  end(): string {
    return this.#redacted + this.#text.slice(this.#copied);
  }

  get #flags(): number {
    return this.#open.at(-1) ?? 0;
  }

  #flagsOfNext(): number {
    const flags = this.#flags & inherited;
    const member = this.#member;
    if (member === null) return flags;
    if (schemaMembers.has(member)) return flags | isSchema;
    if (tokenMembers.has(member)) return flags | isTokens;
    if ((this.#flags & isSchema) !== 0) return flags;
    if (/headers$/i.test(member)) return flags | isHeaders;
    return this.#isSecretMember(member) ? flags | isSecret : flags;
  }

  #isSecretMember(member: string): boolean {
    if ((this.#flags & isHeaders) !== 0 && isSecretName(member)) return true;
    return isSecretMember(member) && !((this.#flags & isTokens) !== 0 && member === 'token');
  }

  #value(start: number, end: number): void {
    if (this.#isSecretValue(start, end)) return this.#replace(start, end, REDACTED);
    const raw = this.#text.slice(start, end);
    if (!mayHoldSecret.test(raw)) return;
    const text = decoded(raw);
    const redacted = redactProse(text);
    if (redacted !== text) this.#replace(start, end, JSON.stringify(redacted).slice(1, -1));
  }

  #isSecretValue(start: number, end: number): boolean {
    const flags = this.#flags;
    const member = this.#member;
    if ((flags & isSecret) !== 0) return true;
    if (member !== null && this.#isSecretMember(member)) return true;
    if ((flags & isHeaders) === 0) return false;
    const inPair = (flags & isObject) === 0;
    // Only in an array of arrays: a single array of strings may be a list of names.
    if (inPair && ((this.#open.at(-2) ?? isObject) & isObject) !== 0) return false;
    const last = this.#names.length - 1;
    const name = this.#names[last] ?? null;
    if (inPair ? name === null : /^(?:name|key)$/i.test(member ?? '')) {
      this.#names[last] = decoded(this.#text.slice(start, end));
      return false;
    }
    return name !== null && isSecretName(name) && (inPair || /^value$/i.test(member ?? ''));
  }

  /** Replaces a string by `content`, which is JSON already. An empty string has no secret. */
  #replace(start: number, end: number, content: string): void {
    if (this.#text.startsWith('""', start)) return;
    this.#redacted += this.#text.slice(this.#copied, start + 1) + content;
    this.#copied = isClosed(this.#text, start, end) ? end - 1 : end;
  }
}

/** A string without these characters, escaped or not, has neither a URL nor a credential. */
const mayHoldSecret = /\\[u/]|:\/\/|bearer|basic|dpop/i;

/** Index after the string that begins at `start`; the length of the text if the string does not end. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function isClosed(text: string, start: number, end: number): boolean {
  if (end < text.length) return true;
  // The last quotation mark may be escaped.
  return (
    end - start > 1 && text.endsWith('"') && (/\\*$/.exec(text.slice(start, -1))?.[0].length ?? 0) % 2 === 0
  );
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

/** The value of a string literal; its raw characters if it is cut off or not JSON. */
function decoded(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.replace(/^"|"$/g, '');
  }
}
