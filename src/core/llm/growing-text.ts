import { firstIndex } from '../binary-search.ts';

/**
 * A text made of deltas, with the event of each part. Appending takes constant time; finding an event is a binary
 * search.
 */
export class GrowingText {
  #text = '';
  /** Length after each delta, and its event. */
  readonly #ends: number[] = [];
  readonly #seqs: number[] = [];

  get length(): number {
    return this.#text.length;
  }

  /** Deltas with text. */
  get deltas(): number {
    return this.#ends.length;
  }

  /** Appends a delta of the event `seq`. Empty deltas are ignored. */
  append(text: string, seq: number): void {
    if (text === '') return;
    this.#text += text;
    this.#ends.push(this.#text.length);
    this.#seqs.push(seq);
  }

  /** The text from a position on, in UTF-16 code units. */
  slice(from = 0): string {
    return from === 0 ? this.#text : this.#text.slice(from);
  }

  toString(): string {
    return this.#text;
  }

  /** The event of the code unit at `position`; null outside the text. */
  seqAt(position: number): number | null {
    return this.spanAt(position)?.seq ?? null;
  }

  /** The delta of a code unit: its part of the text and its event; null outside the text. */
  spanAt(position: number): { readonly from: number; readonly to: number; readonly seq: number } | null {
    if (position < 0 || position >= this.#text.length) return null;
    const delta = firstIndex(0, this.#ends.length, (index) => (this.#ends[index] ?? 0) > position);
    const to = this.#ends[delta];
    const seq = this.#seqs[delta];
    if (to === undefined || seq === undefined) return null;
    return { from: this.#ends[delta - 1] ?? 0, to, seq };
  }

  /** The part of the text that came with an event, or null. */
  spanOf(seq: number): { readonly from: number; readonly to: number } | null {
    const first = firstIndex(0, this.#seqs.length, (index) => (this.#seqs[index] ?? 0) >= seq);
    if (this.#seqs[first] !== seq) return null;
    let last = first;
    while (this.#seqs[last + 1] === seq) last++;
    return { from: this.#ends[first - 1] ?? 0, to: this.#ends[last] ?? 0 };
  }
}
