/** Entries per page: few enough for a capture of forty events, enough for few pages. */
export const pageSize = 4096;
const pageBits = 12;
const pageMask = pageSize - 1;

type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A growing column of numbers in typed arrays. It grows by pages and never copies its content. */
export class PagedColumn<Page extends NumberArray> {
  readonly #newPage: (size: number) => Page;
  readonly #pages: Page[] = [];
  #length = 0;

  constructor(newPage: (size: number) => Page) {
    this.#newPage = newPage;
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory that the column takes. */
  get memory(): number {
    return this.#pages.reduce((sum, page) => sum + page.byteLength, 0);
  }

  push(value: number): void {
    const offset = this.#length & pageMask;
    let page = this.#pages[this.#length >>> pageBits];
    if (page === undefined) {
      page = this.#newPage(pageSize);
      this.#pages.push(page);
    }
    page[offset] = value;
    this.#length += 1;
  }

  /** The entry `index`, which must exist. */
  get(index: number): number {
    return this.#pages[index >>> pageBits]?.[index & pageMask] ?? Number.NaN;
  }
}

/** A column of bytes. */
export const byteColumn = (): PagedColumn<Uint8Array> => new PagedColumn((size) => new Uint8Array(size));
/** A column of 16-bit numbers. */
export const shortColumn = (): PagedColumn<Uint16Array> => new PagedColumn((size) => new Uint16Array(size));
/** A column of any numbers. */
export const numberColumn = (): PagedColumn<Float64Array> =>
  new PagedColumn((size) => new Float64Array(size));
