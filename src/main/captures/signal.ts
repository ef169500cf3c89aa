/** A promise and what settles it: `Promise.withResolvers`, which Node 20 has not. */
export class Signal {
  readonly promise: Promise<void>;
  #tell: () => void = noop;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  tell(): void {
    this.#tell();
  }
}

function noop(): void {}
