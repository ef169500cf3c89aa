/** A promise with its resolve function (`Promise.withResolvers` is missing in Node 20). */
export class Deferred<T> {
  #settle: ((value: T) => void) | null = null;
  readonly promise = new Promise<T>((resolve) => {
    this.#settle = resolve;
  });

  resolve(value: T): void {
    this.#settle?.(value);
  }
}
