/**
 * Reads a sequence with one item of lookahead, so that several sequences can be read section by section in parallel.
 */
export class Cursor<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  /** The next item, if it was peeked; null at the end. */
  #next: { readonly value: T } | null | undefined = undefined;

  constructor(sequence: Iterable<T> | AsyncIterable<T>) {
    this.#iterator =
      Symbol.asyncIterator in sequence ? sequence[Symbol.asyncIterator]() : sequence[Symbol.iterator]();
  }

  /** The next item, without consuming it; null at the end. */
  async peek(): Promise<{ readonly value: T } | null> {
    if (this.#next === undefined) {
      const result = await this.#iterator.next();
      this.#next = result.done === true ? null : { value: result.value };
    }
    return this.#next;
  }

  /** Consumes items while `belongs` holds. The first other item stays the next one. */
  async *takeWhile(belongs: (item: T) => boolean): AsyncGenerator<T> {
    for (;;) {
      const next = await this.peek();
      if (next === null || !belongs(next.value)) return;
      this.#next = undefined;
      yield next.value;
    }
  }

  /** Skips what `takeWhile` would consume. */
  async skipWhile(belongs: (item: T) => boolean): Promise<void> {
    for (let next = await this.peek(); next !== null && belongs(next.value); next = await this.peek()) {
      this.#next = undefined;
    }
  }

  /** Ends the sequence early, so that it can close a file. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
    this.#next = null;
  }
}
