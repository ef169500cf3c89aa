const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What the scanner stands before. `string` and what follows it are inside a token. */
const State = {
  start: 0,
  value: 1,
  valueOrClose: 2,
  key: 3,
  keyOrClose: 4,
  colon: 5,
  commaOrClose: 6,
  string: 7,
  escape: 8,
  hex: 9,
  literal: 10,
  minus: 11,
  zero: 12,
  integer: 13,
  point: 14,
  fraction: 15,
  exponent: 16,
  exponentSign: 17,
  exponentDigits: 18,
  done: 19,
} as const;
type State = (typeof State)[keyof typeof State];

const OBJECT = 1;
const ARRAY = 2;

/**
 * Checks one JSON object or array ([spec] RFC 8259) that arrives in pieces. Looks at every character once, keeps nothing of
 * them, and does not recurse.
 */
export class JsonScanner {
  #state: State = State.start;
  /** The containers around the present position, outermost first. */
  #containers = new Uint8Array(64);
  #depth = 0;
  #inKey = false;
  #hexLeft = 0;
  #literal = '';
  #literalAt = 0;
  #expected: string | null = null;

  /** Begins a new text; needed after one that is done or failed. */
  reset(): void {
    this.#state = State.start;
    this.#depth = 0;
    this.#expected = null;
    if (this.#containers.length > 65536) this.#containers = new Uint8Array(64);
  }

  /** The object or array has ended. */
  get done(): boolean {
    return this.#state === State.done;
  }

  /** The last `feed` stopped at a character that cannot be there. */
  get failed(): boolean {
    return this.#expected !== null;
  }

  /**
   * What could be here: at the character where it failed, or after the last one.
   */
  get expected(): string {
    return this.#expected ?? this.#expectation();
  }

  /**
   * Reads on in `text` from index `from`.
   * @returns the index after the closing bracket (`done`), that of the first character that cannot be there (`failed`), or the
   *   length of the text, when more is to come
   */
  feed(text: string, from: number): number {
    const length = text.length;
    let state = this.#state;
    if (state === State.done) return from;
    let i = from;
    scan: while (i < length) {
      const c = text.charCodeAt(i);
      switch (state) {
        case State.string: {
          let unit = c;
          while (unit !== QUOTE && unit !== BACKSLASH && unit >= 0x20) {
            if (++i === length) break scan;
            unit = text.charCodeAt(i);
          }
          if (unit === QUOTE) state = this.#inKey ? State.colon : State.commaOrClose;
          else if (unit === BACKSLASH) state = State.escape;
          else return this.#fail(state, i, 'an escape in place of the control character');
          i++;
          continue;
        }
        case State.escape:
          if (c === 0x75) {
            state = State.hex;
            this.#hexLeft = 4;
          } else if (isEscapable(c)) state = State.string;
          else return this.#fail(state, i);
          i++;
          continue;
        case State.hex:
          if (!isHexDigit(c)) return this.#fail(state, i);
          if (--this.#hexLeft === 0) state = State.string;
          i++;
          continue;
        case State.literal:
          if (c !== this.#literal.charCodeAt(this.#literalAt)) return this.#fail(state, i);
          if (++this.#literalAt === this.#literal.length) state = State.commaOrClose;
          i++;
          continue;
        case State.minus:
          if (!isDigit(c)) return this.#fail(state, i);
          state = c === 0x30 ? State.zero : State.integer;
          i++;
          continue;
        case State.zero:
        case State.integer:
          if (isDigit(c) && state === State.integer) i++;
          else if (c === 0x2e) {
            state = State.point;
            i++;
          } else if (c === 0x65 || c === 0x45) {
            state = State.exponent;
            i++;
          } else state = State.commaOrClose;
          continue;
        case State.point:
          if (!isDigit(c)) return this.#fail(state, i);
          state = State.fraction;
          i++;
          continue;
        case State.fraction:
          if (isDigit(c)) i++;
          else if (c === 0x65 || c === 0x45) {
            state = State.exponent;
            i++;
          } else state = State.commaOrClose;
          continue;
        case State.exponent:
          if (c === 0x2b || c === 0x2d) state = State.exponentSign;
          else if (isDigit(c)) state = State.exponentDigits;
          else return this.#fail(state, i);
          i++;
          continue;
        case State.exponentSign:
          if (!isDigit(c)) return this.#fail(state, i);
          state = State.exponentDigits;
          i++;
          continue;
        case State.exponentDigits:
          if (isDigit(c)) i++;
          else state = State.commaOrClose;
          continue;
        default:
      }
      // Between tokens.
      if (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) {
        i++;
        continue;
      }
      switch (state) {
        case State.commaOrClose: {
          const container = this.#containers[this.#depth - 1];
          if (c === 0x2c) state = container === OBJECT ? State.key : State.value;
          else if (c === (container === OBJECT ? 0x7d : 0x5d)) {
            if (--this.#depth === 0) {
              this.#state = State.done;
              return i + 1;
            }
          } else return this.#fail(state, i);
          i++;
          continue;
        }
        case State.colon:
          if (c !== 0x3a) return this.#fail(state, i);
          state = State.value;
          i++;
          continue;
        case State.keyOrClose:
        case State.valueOrClose:
          if (c === (state === State.keyOrClose ? 0x7d : 0x5d)) {
            // Empty: the same end as after a member.
            state = State.commaOrClose;
            continue;
          }
          break;
        default:
      }
      if (state === State.key || state === State.keyOrClose) {
        if (c !== QUOTE) return this.#fail(state, i);
        this.#inKey = true;
        state = State.string;
        i++;
        continue;
      }
      const next = this.#beginValue(c, state);
      if (next === null) return this.#fail(state, i);
      state = next;
      i++;
    }
    this.#state = state;
    return i;
  }

  #beginValue(c: number, state: State): State | null {
    if (c === 0x7b || c === 0x5b) {
      if (this.#depth === this.#containers.length) {
        const grown = new Uint8Array(this.#depth * 2);
        grown.set(this.#containers);
        this.#containers = grown;
      }
      this.#containers[this.#depth++] = c === 0x7b ? OBJECT : ARRAY;
      return c === 0x7b ? State.keyOrClose : State.valueOrClose;
    }
    if (state === State.start) return null;
    switch (c) {
      case QUOTE:
        this.#inKey = false;
        return State.string;
      case 0x2d:
        return State.minus;
      case 0x30:
        return State.zero;
      case 0x74:
        return this.#beginLiteral('true');
      case 0x66:
        return this.#beginLiteral('false');
      case 0x6e:
        return this.#beginLiteral('null');
      default:
        return isDigit(c) ? State.integer : null;
    }
  }

  #beginLiteral(literal: string): State {
    this.#literal = literal;
    this.#literalAt = 1;
    return State.literal;
  }

  #fail(state: State, at: number, expected?: string): number {
    this.#state = state;
    this.#expected = expected ?? this.#expectation();
    return at;
  }

  #expectation(): string {
    const inObject = this.#containers[this.#depth - 1] === OBJECT;
    switch (this.#state) {
      case State.start:
        return 'an object or an array';
      case State.value:
        return 'a value';
      case State.valueOrClose:
        return 'a value or "]"';
      case State.key:
        return 'a member name in quotes';
      case State.keyOrClose:
        return 'a member name in quotes or "}"';
      case State.colon:
        return '":"';
      case State.commaOrClose:
        return inObject ? '"," or "}"' : '"," or "]"';
      case State.string:
        return 'the end of the string';
      case State.escape:
        return 'one of " \\ / b f n r t u after the backslash';
      case State.hex:
        return 'four hexadecimal digits after \\u';
      case State.literal:
        return `the rest of "${this.#literal}"`;
      case State.zero:
      case State.integer:
      case State.fraction:
      case State.exponentDigits:
        return inObject ? '"," or "}" after the number' : '"," or "]" after the number';
      case State.minus:
        return 'a digit after the minus sign';
      case State.point:
        return 'a digit after the decimal point';
      case State.exponent:
      case State.exponentSign:
        return 'a digit in the exponent';
      case State.done:
        return 'the end of the text';
    }
  }
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

function isHexDigit(c: number): boolean {
  return isDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
}

/** `"`, `\`, `/`, b, f, n, r, t. */
function isEscapable(c: number): boolean {
  return (
    c === QUOTE ||
    c === BACKSLASH ||
    c === 0x2f ||
    c === 0x62 ||
    c === 0x66 ||
    c === 0x6e ||
    c === 0x72 ||
    c === 0x74
  );
}
