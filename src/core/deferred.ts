/** A promise that is settled from outside (`Promise.withResolvers` is not in Node 20). */
export class Deferred<T> {
  #settle: ((value: T) => void) | null = null;
  readonly promise = new Promise<T>((resolve) => {
    this.#settle = resolve;
  });

  resolve(value: T): void {
    this.#settle?.(value);
  }
}
