/** The most bins of a capture. */
const BINS = 512;
/** Width of a bin at first, ms. */
const FIRST_WIDTH = 20;

/**
 * Values over time in fixed size. When the time exceeds the bins, their width doubles and neighbours are merged.
 */
export class TimeBins {
  readonly #values = new Float64Array(BINS);
  readonly #merge: (a: number, b: number) => number;
  #width = FIRST_WIDTH;
  #used = 0;

  /** @param merge combines two values of one bin, such as a sum or a maximum; 0 means empty */
  constructor(merge: (a: number, b: number) => number) {
    this.#merge = merge;
  }

  /** Width of a bin in ms. */
  get width(): number {
    return this.#width;
  }

  /** Bins up to the last one that is not empty. */
  get values(): readonly number[] {
    return Array.from(this.#values.subarray(0, this.#used));
  }

  add(at: number, value: number): void {
    if (!(at >= 0) || at === Number.POSITIVE_INFINITY) return;
    while (at >= this.#width * BINS) this.#double();
    const bin = Math.floor(at / this.#width);
    this.#values[bin] = this.#merge(this.#values[bin] ?? 0, value);
    this.#used = Math.max(this.#used, bin + 1);
  }

  #double(): void {
    for (let bin = 0; bin < BINS / 2; bin++) {
      this.#values[bin] = this.#merge(this.#values[2 * bin] ?? 0, this.#values[2 * bin + 1] ?? 0);
    }
    this.#values.fill(0, BINS / 2);
    this.#used = Math.ceil(this.#used / 2);
    this.#width *= 2;
  }
}
