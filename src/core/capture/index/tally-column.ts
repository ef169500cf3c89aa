import { firstIndex } from '../../binary-search.ts';
import { byteColumn } from './paged-column.ts';

/** Entries between two recorded counts: the most that a query reads. */
const stride = 64;

/**
 * A growing column of bytes, each in one class or none. It counts a class up to any entry, and finds the nth entry of a
 * class, without reading all entries.
 */
export class TallyColumn {
  readonly #values = byteColumn();
  /** Class of each value, or -1. */
  readonly #classes = new Int8Array(256);
  /** Per class, the count before each multiple of `stride`. */
  readonly #before: number[][];
  readonly #totals: number[];

  /** `classOf` gives a value's class, from 0 to `classes - 1`, or null for none. */
  constructor(classes: number, classOf: (value: number) => number | null) {
    for (let value = 0; value < 256; value += 1) this.#classes[value] = classOf(value) ?? -1;
    this.#before = Array.from({ length: classes }, () => []);
    this.#totals = Array.from({ length: classes }, () => 0);
  }

  get length(): number {
    return this.#values.length;
  }

  /** Bytes of memory that the column takes. */
  get memory(): number {
    return this.#values.memory + this.#before.reduce((sum, counts) => sum + counts.length * 8, 0);
  }

  push(value: number): void {
    if (this.#values.length % stride === 0) {
      for (const [index, counts] of this.#before.entries()) counts.push(this.#totals[index] ?? 0);
    }
    const own = this.#classes[value] ?? -1;
    if (own >= 0) this.#totals[own] = (this.#totals[own] ?? 0) + 1;
    this.#values.push(value);
  }

  get(index: number): number {
    return this.#values.get(index);
  }

  /** Entries of a class. */
  total(ofClass: number): number {
    return this.#totals[ofClass] ?? 0;
  }

  /** Entries of a class before entry `index`, which may be the length. */
  countBefore(ofClass: number, index: number): number {
    return this.countsBefore(index)[ofClass] ?? 0;
  }

  /** Entries of each class before entry `index`, which may be the length. */
  countsBefore(index: number): number[] {
    if (index >= this.length) return [...this.#totals];
    const page = Math.floor(index / stride);
    const counts = this.#before.map((before) => before[page] ?? 0);
    for (let at = page * stride; at < index; at += 1) {
      const own = this.#classes[this.#values.get(at)] ?? -1;
      if (own >= 0) counts[own] = (counts[own] ?? 0) + 1;
    }
    return counts;
  }

  /** The entry that is number `nth` (from 0) of its class; the length without one. */
  find(ofClass: number, nth: number): number {
    const counts = this.#before[ofClass] ?? [];
    const page = firstIndex(0, counts.length, (index) => (counts[index] ?? 0) > nth) - 1;
    if (page < 0) return this.length;
    let left = nth - (counts[page] ?? 0);
    for (let at = page * stride; at < this.length; at += 1) {
      if (this.#classes[this.#values.get(at)] === ofClass) {
        if (left === 0) return at;
        left -= 1;
      }
    }
    return this.length;
  }
}
