import { stateAfter, endOfPlain, expectation, isInNumber, State } from './json-grammar.ts';

const OBJECT = 1;
const ARRAY = 2;

/**
 * Checks one JSON object or array ([spec] RFC 8259) that arrives in pieces. It reads each character once, keeps none,
 * and does not recurse.
 */
export class JsonScanner {
  #state: State = State.start;
  /** The containers around the current position, outermost first. */
  #containers = new Uint8Array(64);
  #depth = 0;
  #inName = false;
  #failed = false;

  /** Begins a new text. Required after `done` or `failed`. */
  reset(): void {
    this.#state = State.start;
    this.#depth = 0;
    this.#inName = false;
    this.#failed = false;
    if (this.#containers.length > 65536) this.#containers = new Uint8Array(64);
  }

  /** The object or array has ended. */
  get done(): boolean {
    return this.#state === State.done;
  }

  /** The last `feed` stopped at a character that is not allowed. */
  get failed(): boolean {
    return this.#failed;
  }

  /** What is expected: at the character where it failed, or after the last one. */
  get expected(): string {
    // A string refuses only control characters.
    if (this.#failed && this.#state === State.string) return 'an escape in place of the control character';
    return expectation(this.#state, this.#containers[this.#depth - 1] === OBJECT);
  }

  /**
   * Reads `text` from index `from`.
   * @returns the index after the closing bracket (`done`), of the first character that is not allowed (`failed`), or
   * the length of the text if more is needed
   */
  feed(text: string, from: number): number {
    const { length } = text;
    let state = this.#state;
    let i = from;
    while (i < length && state !== State.done) {
      if (state === State.string) {
        i = endOfPlain(text, i);
        if (i === length) break;
      }
      const next = stateAfter(state, text.charCodeAt(i));
      if (next > State.name) {
        state = next;
      } else if (next === State.ended) {
        const isNumber = isInNumber(state);
        state = this.#end(state);
        // The character that ends a number is not part of it.
        if (isNumber) continue;
      } else if (next === State.refused) {
        this.#state = state;
        this.#failed = true;
        return i;
      } else {
        state = this.#begin(next);
      }
      i++;
    }
    this.#state = state;
    return i;
  }

  /** The state after the beginning of a container or name. */
  #begin(begun: State): State {
    if (begun === State.name) {
      this.#inName = true;
      return State.string;
    }
    this.#open(begun === State.object ? OBJECT : ARRAY);
    return begun === State.object ? State.keyOrClose : State.valueOrClose;
  }

  #open(container: number): void {
    if (this.#depth === this.#containers.length) {
      const grown = new Uint8Array(this.#depth * 2);
      grown.set(this.#containers);
      this.#containers = grown;
    }
    this.#containers[this.#depth++] = container;
  }

  /** The state after a value or name that ended in this state. */
  #end(state: State): State {
    if (this.#inName) {
      this.#inName = false;
      return State.colon;
    }
    if (state <= State.commaOrBracket && --this.#depth === 0) return State.done;
    return this.#containers[this.#depth - 1] === OBJECT ? State.commaOrBrace : State.commaOrBracket;
  }
}
