type NumberArray = Int32Array | Float64Array;

/** A typed array that grows by doubling; `array` is its content, without a copy. */
export class NumberColumn<Numbers extends NumberArray> {
  readonly #make: (length: number) => Numbers;
  #numbers: Numbers;
  #length = 0;

  constructor(make: (length: number) => Numbers) {
    this.#make = make;
    this.#numbers = make(64);
  }

  get length(): number {
    return this.#length;
  }

  get array(): Numbers {
    return this.#numbers.subarray(0, this.#length) as Numbers;
  }

  /** Removes all numbers and keeps the memory. */
  clear(): void {
    this.#length = 0;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const grown = this.#make(this.#length * 2);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.#length++] = value;
  }
}

/** A column of 32-bit integers. */
export const integers = (): NumberColumn<Int32Array> => new NumberColumn((length) => new Int32Array(length));
/** A column of any numbers. */
export const floats = (): NumberColumn<Float64Array> =>
  new NumberColumn((length) => new Float64Array(length));
