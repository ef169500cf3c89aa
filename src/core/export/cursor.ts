/**
 * Goes through a sequence with a look at what comes next, so that several sequences can be gone through section by
 * section, each where it stopped.
 */
export class Cursor<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  /** What comes next, where it was looked at; null at the end. */
  #next: { readonly value: T } | null | undefined = undefined;

  constructor(sequence: Iterable<T> | AsyncIterable<T>) {
    this.#iterator =
      Symbol.asyncIterator in sequence ? sequence[Symbol.asyncIterator]() : sequence[Symbol.iterator]();
  }

  /** What comes next, without taking it; null at the end. */
  async peek(): Promise<{ readonly value: T } | null> {
    if (this.#next === undefined) {
      const result = await this.#iterator.next();
      this.#next = result.done === true ? null : { value: result.value };
    }
    return this.#next;
  }

  /** Takes items until one is refused by `belongs`, which stays the next one. */
  async *takeWhile(belongs: (item: T) => boolean): AsyncGenerator<T> {
    for (;;) {
      const next = await this.peek();
      if (next === null || !belongs(next.value)) return;
      this.#next = undefined;
      yield next.value;
    }
  }

  /** Passes over what `takeWhile` would take. */
  async skipWhile(belongs: (item: T) => boolean): Promise<void> {
    for (let next = await this.peek(); next !== null && belongs(next.value); next = await this.peek()) {
      this.#next = undefined;
    }
  }

  /** Ends the sequence early, so that it can let go of a file. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
    this.#next = null;
  }
}
