/** What stands for an expression that is no literal. */
export const noLiteral = Symbol('no literal');

export type JsValue = string | number | boolean | null | typeof noLiteral | readonly JsValue[] | JsObject;
export type JsObject = ReadonlyMap<string, JsValue>;

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
};

/** How deep arrays and objects may stand in each other. */
const deepest = 200;

/**
 * Reads the literals of JavaScript source ([spec] ECMA-262 §12.9, §13.2): strings, numbers, arrays, objects, strings that
 * are added up, and `JSON.stringify` of one. Any other expression is `noLiteral`, and reading goes on after it.
 */
export class JsLiterals {
  readonly #source: string;
  #at: number;
  #depth = 0;

  /** @param from where in the source the first value stands */
  constructor(source: string, from: number) {
    this.#source = source;
    this.#at = from;
  }

  /** Goes past white space, comments and this mark, if it comes next. */
  takes(mark: string): boolean {
    this.#skipSpace();
    if (!this.#source.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  /** The value of the next expression; what ends it is not read. */
  value(): JsValue {
    let value = this.#primary();
    while (this.takes('+')) {
      const right = this.#primary();
      value = typeof value === 'string' && typeof right === 'string' ? value + right : noLiteral;
    }
    if (this.#isEnd()) return value;
    this.#skipExpression();
    return noLiteral;
  }

  #primary(): JsValue {
    this.#skipSpace();
    const character = this.#source[this.#at] ?? '';
    if (character === '"' || character === "'" || character === '`') return this.#string(character);
    if (character === '{' || character === '[') {
      if (this.#depth >= deepest) return this.#noLiteral();
      this.#depth += 1;
      const value = character === '{' ? this.#object() : this.#array();
      this.#depth -= 1;
      return value;
    }
    const number = this.#match(/-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w$.])/iy);
    if (number !== null) return Number(number);
    const word = this.#match(/(?:true|false|null|undefined)(?![\w$.])/y);
    if (word !== null) return word === 'true' ? true : word === 'false' ? false : null;
    if (this.#match(/JSON\s*\.\s*stringify\s*\(/y) !== null) return this.#stringified();
    return this.#noLiteral();
  }

  #noLiteral(): JsValue {
    this.#skipExpression();
    return noLiteral;
  }

  #string(quote: string): JsValue {
    let text = '';
    for (this.#at += 1; this.#at < this.#source.length; this.#at += 1) {
      const character = this.#source[this.#at] ?? '';
      if (character === quote) {
        this.#at += 1;
        return text;
      }
      if (character === '\\') text += this.#escape();
      else if (quote === '`' && this.#source.startsWith('${', this.#at)) return this.#template();
      else text += character;
    }
    return noLiteral;
  }

  /** A template with a value in it: read to its end, its text is not known. */
  #template(): JsValue {
    for (; this.#at < this.#source.length && this.#source[this.#at] !== '`'; this.#at += 1)
      if (this.#source[this.#at] === '\\') this.#at += 1;
    this.#at += 1;
    return noLiteral;
  }

  /** What the backslash here stands for; the last character of it is current afterwards. */
  #escape(): string {
    const numbered = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\})/iy;
    numbered.lastIndex = this.#at;
    const match = numbered.exec(this.#source);
    const code = Number.parseInt(match?.[1] ?? match?.[2] ?? match?.[3] ?? '', 16);
    if (match !== null && code <= 0x10ffff) {
      this.#at += match[0].length - 1;
      return match[3] === undefined ? String.fromCharCode(code) : String.fromCodePoint(code);
    }
    this.#at += 1;
    const next = this.#source[this.#at] ?? '';
    // A line that goes on has no line break.
    if (next === '\r' && this.#source[this.#at + 1] === '\n') this.#at += 1;
    return /[\r\n\u2028\u2029]/.test(next) ? '' : (escapes[next] ?? next);
  }

  #array(): JsValue {
    const items: JsValue[] = [];
    this.#at += 1;
    while (!this.takes(']')) {
      if (this.#at >= this.#source.length) return noLiteral;
      items.push(this.value());
      if (!this.takes(',') && this.#peek() !== ']') return this.#noLiteral();
    }
    return items;
  }

  #object(): JsValue {
    const members = new Map<string, JsValue>();
    this.#at += 1;
    while (!this.takes('}')) {
      const name = this.#name();
      if (name === null || !this.takes(':')) return this.#noLiteral();
      members.set(name, this.value());
      if (!this.takes(',') && this.#peek() !== '}') return this.#noLiteral();
    }
    return members;
  }

  #name(): string | null {
    const character = this.#peek();
    if (character === '"' || character === "'") {
      const name = this.#string(character);
      return typeof name === 'string' ? name : null;
    }
    return this.#match(/[\w$]+/y);
  }

  #stringified(): JsValue {
    const value = this.value();
    // A second and third argument only lay the text out.
    while (this.takes(',')) this.value();
    if (!this.takes(')')) return this.#noLiteral();
    const plain = plainValue(value);
    return plain === noLiteral ? noLiteral : JSON.stringify(plain);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return null;
    this.#at += match[0].length;
    return match[0];
  }

  #peek(): string {
    this.#skipSpace();
    return this.#source[this.#at] ?? '';
  }

  #isEnd(): boolean {
    return /^[,)\]};]?$/.test(this.#peek());
  }

  #skipSpace(): void {
    this.#match(/(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y);
  }

  /** Goes to the comma or bracket that ends the expression. */
  #skipExpression(): void {
    let open = 0;
    for (; this.#at < this.#source.length; this.#at += 1) {
      const character = this.#source[this.#at] ?? '';
      if (character === '"' || character === "'" || character === '`') {
        this.#string(character);
        this.#at -= 1;
      } else if ('([{'.includes(character)) open += 1;
      else if (open === 0 && ')]},;'.includes(character)) return;
      else if (')]}'.includes(character)) open -= 1;
    }
  }
}

/** A value as `JSON.stringify` takes it. */
function plainValue(value: JsValue): unknown {
  if (value instanceof Map) {
    const members = [...(value as JsObject)].map(([name, member]) => [name, plainValue(member)] as const);
    return members.some(([, member]) => member === noLiteral) ? noLiteral : Object.fromEntries(members);
  }
  if (!Array.isArray(value)) return value;
  const items = (value as readonly JsValue[]).map(plainValue);
  return items.includes(noLiteral) ? noLiteral : items;
}
