import { firstIndex } from '../../binary-search.ts';
import type { CaptureTime } from '../../capture-time.ts';
import { numberColumn, type PagedColumn } from './paged-column.ts';

/**
 * Arrival times of chunks. Ascending times take eight bytes each; a capture without times takes nothing. A file from
 * another program may have times that go back or are missing: it takes eight bytes more, for a second, searchable
 * column in which no chunk is earlier than the ones before it.
 */
export class TimeColumn {
  #length = 0;
  #exact: PagedColumn<Float64Array> | null = null;
  #searched: PagedColumn<Float64Array> | null = null;
  #latest = Number.NEGATIVE_INFINITY;

  /** Whether any time is known. */
  get known(): boolean {
    return this.#exact !== null;
  }

  /** Bytes of memory that the column takes. */
  get memory(): number {
    const own = this.#exact?.memory ?? 0;
    return this.#searched === this.#exact ? own : own + (this.#searched?.memory ?? 0);
  }

  push(at: CaptureTime): void {
    this.#length += 1;
    if (at === null && this.#exact === null) return;
    const exact = (this.#exact ??= this.#unknown(this.#length - 1, Number.NaN));
    if (this.#searched === null)
      this.#searched = this.#length === 1 ? exact : this.#unknown(this.#length - 1, this.#latest);
    if (this.#searched === exact && (at === null || at < this.#latest)) this.#searched = this.#copy(exact);
    exact.push(at ?? Number.NaN);
    if (at !== null && at > this.#latest) this.#latest = at;
    if (this.#searched !== exact) this.#searched.push(this.#latest);
  }

  /** When chunk `index` arrived. */
  get(index: number): CaptureTime {
    const at = this.#exact?.get(index) ?? Number.NaN;
    return Number.isNaN(at) ? null : at;
  }

  /** The first chunk that arrived at `at` or later; the length without one. */
  firstAtLeast(at: number): number {
    const column = this.#searched;
    return column === null ? this.#length : firstIndex(0, this.#length, (index) => column.get(index) >= at);
  }

  /** The first chunk that arrived later than `at`; the length without one. */
  firstAfter(at: number): number {
    const column = this.#searched;
    return column === null ? this.#length : firstIndex(0, this.#length, (index) => column.get(index) > at);
  }

  #unknown(length: number, value: number): PagedColumn<Float64Array> {
    const column = numberColumn();
    for (let index = 0; index < length; index += 1) column.push(value);
    return column;
  }

  #copy(source: PagedColumn<Float64Array>): PagedColumn<Float64Array> {
    const column = numberColumn();
    for (let index = 0; index < source.length; index += 1) column.push(source.get(index));
    return column;
  }
}
