import type { JsonDocument } from '../../json/documents.ts';
import { Instances } from './instances.ts';

/** A problem of a JSON document. */
export interface DocumentFact {
  readonly document: number;
  readonly seq: number;
  /** Index in its text (UTF-16 code units); null for the whole document. */
  readonly at: number | null;
  readonly message: string;
  /** The beginning of its text. */
  readonly text: string;
}

/** Characters of the text that a fact keeps. */
const KEPT_TEXT = 80;
/** Documents that are searched for duplicate keys: a server that writes them does so from the start. */
export const KEYS_DOCUMENTS = 500;
/** The longest text that is searched token by token, in characters. */
const LOOKED_THROUGH = 64 * 1024;

/** Digits of an integer that a double may not hold: 2^53 has 16. */
const MANY_DIGITS = 16;
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/**
 * Matches a text that was meant as JSON: an object with a first key, in any quotes, or an array with a first element.
 * `[INFO] started`, `[1/3] step`, `[END]` and `{name} joined` are not.
 */
const meantAsJson =
  /^\s*(?:\{\s*["'}]|\{\s*[\w$-]+\s*:|\[\s*[{["']|\[\s*(?:-?\d[\d.eE+-]*|true|false|null|None|True|False|NaN)\s*,)/;
const keyTokens = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g;

/** Problems of the JSON in a stream: counts and first instances. */
export class JsonFacts {
  complete = 0;
  /** Malformed documents, without texts in brackets that were not meant as JSON. */
  readonly malformed = new Instances<DocumentFact>();
  readonly truncated = new Instances<DocumentFact>();
  readonly split = new Instances<DocumentFact>();
  /** Integers that change as a JavaScript number. */
  readonly imprecise = new Instances<DocumentFact>();
  /** Duplicate keys in one object: all but the last are lost. */
  readonly duplicateKeys = new Instances<DocumentFact>();
  #keysSearched = 0;

  document(document: JsonDocument): void {
    switch (document.state) {
      case 'complete':
        this.complete++;
        if (document.events[0] !== document.events[1])
          this.split.add(() => factOf(document, null, 'is split across several events'));
        this.#numbers(document);
        this.#keys(document);
        return;
      case 'malformed':
        if (isMeantAsJson(document)) this.malformed.add(() => problemOf(document));
        return;
      case 'partial':
        if (isMeantAsJson(document)) this.truncated.add(() => problemOf(document));
        return;
      case 'text':
      case 'sentinel':
      case 'empty':
    }
  }

  #numbers(document: JsonDocument): void {
    const { text } = document;
    if (text.length > LOOKED_THROUGH || !hasManyDigits(text)) return;
    for (const match of text.matchAll(stringOrNumber)) {
      const [token] = match;
      // Only integers: fractions are rounded anyway.
      if (token.length < MANY_DIGITS || !/^-?\d+$/.test(token) || isExact(token)) continue;
      this.imprecise.add(() => factOf(document, match.index, `${cut(token)} becomes ${Number(token)}`));
      return;
    }
  }

  #keys(document: JsonDocument): void {
    const { text } = document;
    if (this.#keysSearched >= KEYS_DOCUMENTS || text.length > LOOKED_THROUGH) return;
    this.#keysSearched++;
    const open: (Set<string> | null)[] = [];
    for (const match of text.matchAll(keyTokens)) {
      const [token, colon] = match;
      if (token === '{') open.push(new Set());
      else if (token === '[') open.push(null);
      else if (token === '}' || token === ']') open.pop();
      else if (colon !== undefined) {
        const key = token.slice(0, token.length - colon.length);
        const keys = open.at(-1);
        if (keys?.has(key) === true) {
          this.duplicateKeys.add(() => factOf(document, match.index, key));
          return;
        }
        keys?.add(key);
      }
    }
  }
}

/** Whether a text has `MANY_DIGITS` digits in a row. Such a run covers one of every `MANY_DIGITS` positions. */
function hasManyDigits(text: string): boolean {
  for (let at = MANY_DIGITS - 1; at < text.length; at += MANY_DIGITS) {
    if (!isDigit(text, at)) continue;
    let from = at;
    while (from > 0 && isDigit(text, from - 1)) from--;
    let to = at + 1;
    while (to < text.length && isDigit(text, to)) to++;
    if (to - from >= MANY_DIGITS) return true;
    at = to - 1;
  }
  return false;
}

/** Whether a double can hold an integer. One of more than 308 digits becomes infinite. */
function isExact(integer: string): boolean {
  const value = Number(integer);
  return Number.isFinite(value) && BigInt(value) === BigInt(integer);
}

/** The beginning of a text, for a fact. */
function cut(text: string): string {
  return text.length > KEPT_TEXT ? `${text.slice(0, KEPT_TEXT)}…` : text;
}

function isMeantAsJson({ text }: JsonDocument): boolean {
  return meantAsJson.test(text.slice(0, KEPT_TEXT));
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function problemOf(document: JsonDocument): DocumentFact {
  const { problem } = document;
  return factOf(document, problem?.at ?? null, problem?.message ?? '');
}

function factOf({ index, events, text }: JsonDocument, at: number | null, message: string): DocumentFact {
  return { document: index, seq: events[1], at, message, text: text.slice(0, KEPT_TEXT) };
}
