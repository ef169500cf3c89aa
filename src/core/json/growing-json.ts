/**
 * A JSON text that is still arriving, as a tree that grows in place. Each `push` costs time in proportion to the text
 * it brings, never to what came before, so a 10 MB tool-call argument can be shown live. Strict: what RFC 8259 does not
 * allow is reported with its position and never repaired.
 */

interface NodeBase {
  /** True until the text that ends it has arrived. */
  open: boolean;
  /** Index of its first code unit in the whole text. */
  readonly start: number;
}

export interface GrowingMember {
  /** Grows while `keyOpen`. */
  key: string;
  keyOpen: boolean;
  /** Null until the value begins. */
  value: GrowingNode | null;
}

/** An object. Members stand in the order sent, duplicates included, so that no key is special. */
export interface GrowingObject extends NodeBase {
  readonly kind: 'object';
  readonly members: GrowingMember[];
}

export interface GrowingArray extends NodeBase {
  readonly kind: 'array';
  readonly items: GrowingNode[];
}

export interface GrowingString extends NodeBase {
  readonly kind: 'string';
  /** Decoded so far. */
  value: string;
}

/** A number or one of `true`, `false`, `null`, by its text, so that no digit is lost. */
export interface GrowingScalar extends NodeBase {
  readonly kind: 'number' | 'literal';
  text: string;
}

export type GrowingNode = GrowingObject | GrowingArray | GrowingString | GrowingScalar;

/** Where a text stopped being JSON. */
export interface GrowingProblem {
  /** Index in the whole text, UTF-16 code units. */
  readonly at: number;
  readonly message: string;
}

type State =
  | 'value'
  | 'value-or-end'
  | 'key'
  | 'key-or-end'
  | 'colon'
  | 'comma-or-end'
  | 'string'
  | 'escape'
  | 'unicode'
  | 'number'
  | 'literal'
  | 'done'
  | 'failed';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a simple escape stands for, by the character after the backslash. */
const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** [spec] RFC 8259 §6: a whole number literal, and every beginning of one. */
const wholeNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const numberBeginning = /^-?(?:(?:0|[1-9]\d*)(?:\.(?:\d+(?:[eE](?:[+-]?\d*)?)?)?|[eE](?:[+-]?\d*)?)?)?$/;

/** Digits that a number may have before it is taken for an attack on memory rather than for a number. */
const MAX_NUMBER_LENGTH = 10_000;

export class GrowingJson {
  /** The tree so far; null until the first value begins. */
  root: GrowingNode | null = null;
  /** The first thing that was wrong; the tree stays as it was then. */
  problem: GrowingProblem | null = null;
  /** Code units pushed. */
  length = 0;

  #state: State = 'value';
  /** Containers that are open, outermost first. */
  readonly #stack: (GrowingObject | GrowingArray)[] = [];
  /** The string, number or literal that is being read; null for a key, whose member is the last of its object. */
  #leaf: GrowingString | GrowingScalar | null = null;
  #keyMember: GrowingMember | null = null;
  #literal = '';
  #unicode = '';

  /** True once a whole value has arrived (white space may follow). */
  get complete(): boolean {
    return this.#state === 'done';
  }

  /** Depth of what is open. */
  get depth(): number {
    return this.#stack.length;
  }

  /** Takes the next piece of the text, cut anywhere. */
  push(text: string): void {
    let i = 0;
    while (i < text.length && this.#state !== 'failed') {
      switch (this.#state) {
        case 'string':
          i = this.#readString(text, i);
          break;
        case 'escape':
          i = this.#readEscape(text, i);
          break;
        case 'unicode':
          i = this.#readUnicode(text, i);
          break;
        case 'number':
          i = this.#readNumber(text, i);
          break;
        case 'literal':
          i = this.#readLiteral(text, i);
          break;
        default:
          i = this.#readStructure(text, i);
      }
    }
    this.length += text.length;
  }

  /** Says that no more comes: what is unfinished is a problem now. */
  end(): void {
    if (this.#state === 'number' && this.#stack.length === 0) this.#endNumber(this.length);
    if (this.#state !== 'done' && this.#state !== 'failed')
      this.#fail(this.length, `the text ends, ${this.#expected()}`);
  }

  #readStructure(text: string, i: number): number {
    const char = text.charAt(i);
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') return i + 1;
    const at = this.length + i;
    const state = this.#state;
    const container = this.#stack.at(-1);
    const mayEnd = state === 'key-or-end' || state === 'value-or-end' || state === 'comma-or-end';
    if (mayEnd && container !== undefined && char === (container.kind === 'object' ? '}' : ']')) {
      container.open = false;
      this.#stack.pop();
      this.#afterValue();
      return i + 1;
    }
    if (state === 'comma-or-end' && char === ',') {
      this.#state = container?.kind === 'object' ? 'key' : 'value';
      return i + 1;
    }
    if (state === 'colon' && char === ':') {
      this.#state = 'value';
      return i + 1;
    }
    if ((state === 'key' || state === 'key-or-end') && char === '"' && container?.kind === 'object') {
      this.#keyMember = { key: '', keyOpen: true, value: null };
      container.members.push(this.#keyMember);
      this.#state = 'string';
      return i + 1;
    }
    if (state === 'value' || state === 'value-or-end') {
      const next = this.#beginValue(char, i, at);
      if (next !== null) return next;
    }
    this.#fail(at, `${this.#expected()}, got ${JSON.stringify(char)}`);
    return i;
  }

  /** Null where no value begins with this character. */
  #beginValue(char: string, i: number, start: number): number | null {
    switch (char) {
      case '{': {
        const node: GrowingObject = { kind: 'object', open: true, start, members: [] };
        this.#place(node);
        this.#stack.push(node);
        this.#state = 'key-or-end';
        return i + 1;
      }
      case '[': {
        const node: GrowingArray = { kind: 'array', open: true, start, items: [] };
        this.#place(node);
        this.#stack.push(node);
        this.#state = 'value-or-end';
        return i + 1;
      }
      case '"': {
        this.#leaf = { kind: 'string', open: true, start, value: '' };
        this.#place(this.#leaf);
        this.#state = 'string';
        return i + 1;
      }
      case 't':
      case 'f':
      case 'n': {
        this.#leaf = { kind: 'literal', open: true, start, text: '' };
        this.#place(this.#leaf);
        this.#literal = char === 't' ? 'true' : char === 'f' ? 'false' : 'null';
        this.#state = 'literal';
        return i;
      }
      default: {
        if (char !== '-' && !(char >= '0' && char <= '9')) return null;
        this.#leaf = { kind: 'number', open: true, start, text: '' };
        this.#place(this.#leaf);
        this.#state = 'number';
        return i;
      }
    }
  }

  #place(node: GrowingNode): void {
    const container = this.#stack.at(-1);
    if (container === undefined) this.root = node;
    else if (container.kind === 'array') container.items.push(node);
    else {
      const member = container.members.at(-1);
      if (member !== undefined) member.value = node;
    }
  }

  #afterValue(): void {
    this.#leaf = null;
    this.#state = this.#stack.length === 0 ? 'done' : 'comma-or-end';
  }

  #readString(text: string, from: number): number {
    let i = from;
    while (i < text.length) {
      const code = text.charCodeAt(i);
      if (code === QUOTE || code === BACKSLASH) break;
      if (code < 0x20) {
        this.#append(text.slice(from, i));
        this.#fail(this.length + i, 'a control character must be escaped in a string');
        return i;
      }
      i++;
    }
    if (i > from) this.#append(text.slice(from, i));
    if (i === text.length) return i;
    if (text.charCodeAt(i) === BACKSLASH) {
      this.#state = 'escape';
    } else if (this.#keyMember !== null) {
      this.#keyMember.keyOpen = false;
      this.#keyMember = null;
      this.#state = 'colon';
    } else {
      if (this.#leaf !== null) this.#leaf.open = false;
      this.#afterValue();
    }
    return i + 1;
  }

  #readEscape(text: string, i: number): number {
    const char = text.charAt(i);
    if (char === 'u') {
      this.#unicode = '';
      this.#state = 'unicode';
      return i + 1;
    }
    const meant = Object.hasOwn(simpleEscapes, char) ? simpleEscapes[char] : undefined;
    if (meant === undefined) {
      this.#fail(this.length + i, `there is no escape \\${char}`);
      return i;
    }
    this.#append(meant);
    this.#state = 'string';
    return i + 1;
  }

  #readUnicode(text: string, i: number): number {
    const char = text.charAt(i);
    if (!/^[0-9a-fA-F]$/.test(char)) {
      this.#fail(this.length + i, 'expected four hexadecimal digits after \\u');
      return i;
    }
    this.#unicode += char;
    if (this.#unicode.length === 4) {
      this.#append(String.fromCharCode(Number.parseInt(this.#unicode, 16)));
      this.#state = 'string';
    }
    return i + 1;
  }

  #readNumber(text: string, from: number): number {
    let i = from;
    while (i < text.length && isNumberCharacter(text.charCodeAt(i))) i++;
    const leaf = this.#leaf;
    if (leaf === null || leaf.kind === 'string') return i;
    leaf.text += text.slice(from, i);
    if (leaf.text.length > MAX_NUMBER_LENGTH || !numberBeginning.test(leaf.text)) {
      this.#fail(this.length + from, `${JSON.stringify(leaf.text.slice(0, 40))} is no number`);
      return i;
    }
    if (i < text.length) this.#endNumber(this.length + i);
    return i;
  }

  #endNumber(at: number): void {
    const leaf = this.#leaf;
    if (leaf === null || leaf.kind === 'string') return;
    if (!wholeNumber.test(leaf.text)) {
      this.#fail(at, `${JSON.stringify(leaf.text)} is no whole number`);
      return;
    }
    leaf.open = false;
    this.#afterValue();
  }

  #readLiteral(text: string, from: number): number {
    const leaf = this.#leaf;
    if (leaf === null || leaf.kind === 'string') return from;
    const want = this.#literal.slice(leaf.text.length);
    const got = text.slice(from, from + want.length);
    let same = 0;
    while (same < got.length && got[same] === want[same]) same++;
    leaf.text += got.slice(0, same);
    if (same < got.length) {
      this.#fail(this.length + from + same, `expected ${this.#literal}`);
    } else if (leaf.text === this.#literal) {
      leaf.open = false;
      this.#afterValue();
    }
    return from + same;
  }

  #append(piece: string): void {
    if (this.#keyMember !== null) this.#keyMember.key += piece;
    else if (this.#leaf?.kind === 'string') this.#leaf.value += piece;
  }

  #expected(): string {
    switch (this.#state) {
      case 'value':
        return 'expected a value';
      case 'value-or-end':
        return 'expected a value or ]';
      case 'key':
        return 'expected a key in quotes';
      case 'key-or-end':
        return 'expected a key in quotes or }';
      case 'colon':
        return 'expected a colon';
      case 'comma-or-end':
        return `expected a comma or ${this.#stack.at(-1)?.kind === 'object' ? '}' : ']'}`;
      case 'string':
      case 'escape':
      case 'unicode':
        return 'inside a string';
      case 'number':
        return 'inside a number';
      case 'literal':
        return `expected ${this.#literal}`;
      default:
        return 'expected nothing more';
    }
  }

  #fail(at: number, message: string): void {
    this.problem = { at, message };
    this.#state = 'failed';
  }
}

/** Whether a code unit can stand in a number: `+ - . 0-9 E e`. */
function isNumberCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x45 ||
    code === 0x65
  );
}
