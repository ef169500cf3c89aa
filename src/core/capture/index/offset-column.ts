import { firstIndex } from '../../binary-search.ts';
import { pageSize } from './paged-column.ts';

const pageBits = 12;
const pageMask = pageSize - 1;

interface Page {
  readonly base: number;
  /** Relative to `base`; a page that spans more than 4 GiB keeps its values in doubles. */
  values: Uint32Array | Float64Array;
}

/** A growing column of ascending offsets up to 2^53, four bytes each. */
export class OffsetColumn {
  readonly #pages: Page[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory that the column takes. */
  get memory(): number {
    return this.#pages.reduce((sum, page) => sum + page.values.byteLength, 0);
  }

  push(value: number): void {
    let page = this.#pages[this.#length >>> pageBits];
    if (page === undefined) {
      page = { base: value, values: new Uint32Array(pageSize) };
      this.#pages.push(page);
    }
    const relative = value - page.base;
    if (relative > 0xffffffff && page.values instanceof Uint32Array)
      page.values = Float64Array.from(page.values);
    page.values[this.#length & pageMask] = relative;
    this.#length += 1;
  }

  /** The entry `index`, which must exist. */
  get(index: number): number {
    const page = this.#pages[index >>> pageBits];
    return page === undefined ? Number.NaN : page.base + (page.values[index & pageMask] ?? Number.NaN);
  }

  /** The first index whose value is at least `value`; the length without one. */
  firstAtLeast(value: number): number {
    return this.#first(value, false);
  }

  /** The last index whose value is at most `value`; -1 without one. */
  lastAtMost(value: number): number {
    return this.#first(value, true) - 1;
  }

  /** The first index whose value is at least `value`; with `beyond`: greater than `value`. */
  #first(value: number, beyond: boolean): number {
    // Find the page first: the last one whose first value lies before.
    const after = firstIndex(0, this.#pages.length, (index) =>
      isFrom(this.#pages[index]?.base ?? 0, value, beyond),
    );
    const page = this.#pages[after - 1];
    if (page === undefined) return 0;
    const start = (after - 1) * pageSize;
    const wanted = value - page.base;
    const { values } = page;
    const length = Math.min(pageSize, this.#length - start);
    return start + firstIndex(1, length, (index) => isFrom(values[index] ?? 0, wanted, beyond));
  }
}

function isFrom(offset: number, value: number, beyond: boolean): boolean {
  return beyond ? offset > value : offset >= value;
}
