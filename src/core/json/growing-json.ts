import type {
  GrowingArray,
  GrowingMember,
  GrowingNode,
  GrowingObject,
  GrowingScalar,
  GrowingString,
} from './growing-node.ts';
import { stateAfter, endOfPlain, expectation, isInNumber, State } from './json-grammar.ts';
import type { JsonProblem } from './payload.ts';

const SPACE = 0x20;

/** The character that a short escape stands for, by the character after the backslash. */
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

/** The most characters of a number: a longer one is an attack on memory. */
const MAX_NUMBER_LENGTH = 10_000;

/**
 * Parses a JSON text while it arrives, into a tree that grows in place. The time of a `push` depends on the new text
 * only, so 10 MB of tool-call arguments can be shown live. Strict: a violation of RFC 8259 is reported with its
 * position and never repaired.
 */
export class GrowingJson {
  /** The tree so far; null until the first value begins. */
  root: GrowingNode | null = null;
  /** The first error, with its index in the whole text. The tree stays as it was before. */
  problem: JsonProblem | null = null;
  /** Code units pushed. */
  length = 0;

  #state: State = State.value;
  /** Open containers, outermost first. */
  readonly #stack: (GrowingObject | GrowingArray)[] = [];
  /** The current or last string, number or literal. */
  #string: GrowingString | null = null;
  #scalar: GrowingScalar | null = null;
  /** The member whose name is incomplete. */
  #named: GrowingMember | null = null;
  #hexDigits = '';

  /** A complete value has arrived (white space may follow). */
  get complete(): boolean {
    return this.#state === State.done && this.problem === null;
  }

  /** Depth of nesting at the current position. */
  get depth(): number {
    return this.#stack.length;
  }

  /** Parses the next piece of the text. Pieces may be cut anywhere. */
  push(text: string): void {
    let i = 0;
    while (i < text.length && this.problem === null) {
      const state = this.#state;
      if (state <= State.commaOrBracket) i = this.#readToken(text, i);
      else if (state === State.string) i = this.#readString(text, i);
      else if (state <= State.hex1) i = this.#readEscape(text, i);
      else i = this.#readScalar(text, i);
    }
    this.length += text.length;
  }

  /** Ends the text: an incomplete value is now an error. */
  end(): void {
    if (this.problem !== null) return;
    // A number is complete only when something follows it, or the text ends.
    if (this.depth === 0 && isInNumber(this.#state) && stateAfter(this.#state, SPACE) === State.ended)
      this.#endScalar();
    if (this.#state === State.done) return;
    this.problem = { at: this.length, message: `the text ends, expected ${this.#expectation()}` };
  }

  #readToken(text: string, i: number): number {
    const next = stateAfter(this.#state, text.charCodeAt(i));
    const start = this.length + i;
    switch (next) {
      case State.refused:
        return this.#fail(text, i, this.#expectation());
      case State.ended:
        this.#endContainer();
        break;
      case State.object:
        this.#beginContainer({ kind: 'object', open: true, start, members: [] });
        this.#state = State.keyOrClose;
        break;
      case State.array:
        this.#beginContainer({ kind: 'array', open: true, start, items: [] });
        this.#state = State.valueOrClose;
        break;
      case State.name:
        this.#beginName();
        this.#state = State.string;
        break;
      case State.string:
        this.#string = { kind: 'string', open: true, start, value: '' };
        this.#place(this.#string);
        this.#state = next;
        break;
      default:
        if (next > State.string) {
          const kind = isInNumber(next) ? 'number' : 'literal';
          this.#scalar = { kind, open: true, start, text: text.charAt(i) };
          this.#place(this.#scalar);
        }
        this.#state = next;
    }
    return i + 1;
  }

  #beginContainer(node: GrowingObject | GrowingArray): void {
    this.#place(node);
    this.#stack.push(node);
  }

  #endContainer(): void {
    const container = this.#stack.pop();
    if (container !== undefined) container.open = false;
    this.#endValue();
  }

  #beginName(): void {
    const container = this.#stack.at(-1);
    if (container?.kind !== 'object') return;
    this.#named = { key: '', keyOpen: true, value: null };
    container.members.push(this.#named);
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

  #endValue(): void {
    if (this.depth === 0) this.#state = State.done;
    else this.#state = this.#inObject ? State.commaOrBrace : State.commaOrBracket;
  }

  #readString(text: string, from: number): number {
    const i = endOfPlain(text, from);
    if (i > from) this.#append(text.slice(from, i));
    if (i === text.length) return i;
    const next = stateAfter(State.string, text.charCodeAt(i));
    if (next === State.refused) return this.#fail(text, i, 'an escape in place of the control character');
    if (next === State.ended) this.#endString();
    else this.#state = next;
    return i + 1;
  }

  #endString(): void {
    if (this.#named !== null) {
      this.#named.keyOpen = false;
      this.#named = null;
      this.#state = State.colon;
    } else {
      if (this.#string !== null) this.#string.open = false;
      this.#endValue();
    }
  }

  #readEscape(text: string, i: number): number {
    const char = text.charAt(i);
    const next = stateAfter(this.#state, text.charCodeAt(i));
    if (next === State.refused) return this.#fail(text, i, this.#expectation());
    if (this.#state === State.escape) {
      this.#hexDigits = '';
      if (next === State.string) this.#append(simpleEscapes[char] ?? '');
    } else {
      this.#hexDigits += char;
      if (next === State.string) this.#append(String.fromCharCode(Number.parseInt(this.#hexDigits, 16)));
    }
    this.#state = next;
    return i + 1;
  }

  /** Continues a number or literal. */
  #readScalar(text: string, from: number): number {
    const isNumber = isInNumber(this.#state);
    let i = from;
    let next: State = this.#state;
    while (i < text.length) {
      next = stateAfter(this.#state, text.charCodeAt(i));
      if (next <= State.name) break;
      this.#state = next;
      i++;
    }
    // A literal ends with its last character, a number before the next token.
    const end = next === State.ended && !isNumber ? i + 1 : i;
    const length = this.#growScalar(text.slice(from, end));
    if (isNumber && length > MAX_NUMBER_LENGTH) {
      const message = `a number has at most ${MAX_NUMBER_LENGTH} characters`;
      this.problem = { at: this.length + end, message };
    } else if (next === State.refused) return this.#fail(text, i, this.#expectation());
    else if (next === State.ended) this.#endScalar();
    return end;
  }

  #growScalar(text: string): number {
    if (this.#scalar === null) return 0;
    this.#scalar.text += text;
    return this.#scalar.text.length;
  }

  #endScalar(): void {
    if (this.#scalar !== null) this.#scalar.open = false;
    this.#endValue();
  }

  #append(piece: string): void {
    if (this.#named !== null) this.#named.key += piece;
    else if (this.#string !== null) this.#string.value += piece;
  }

  get #inObject(): boolean {
    return this.#stack.at(-1)?.kind === 'object';
  }

  #expectation(): string {
    return expectation(this.#state, this.#inObject);
  }

  #fail(text: string, i: number, expected: string): number {
    const message = `expected ${expected}, got ${JSON.stringify(text.charAt(i))}`;
    this.problem = { at: this.length + i, message };
    return i;
  }
}
