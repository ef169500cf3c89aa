/**
 * A text that deltas add up to, with the event that brought each part of it. Adding is constant time; finding an event
 * is a binary search.
 */
export class GrowingText {
  #text = '';
  /** Length after each delta, and the event that brought it. */
  readonly #ends: number[] = [];
  readonly #seqs: number[] = [];

  get length(): number {
    return this.#text.length;
  }

  /** Deltas that brought text. */
  get deltas(): number {
    return this.#ends.length;
  }

  /** Adds a delta of the event `seq`. An empty one leaves no trace. */
  append(text: string, seq: number): void {
    if (text === '') return;
    this.#text += text;
    this.#ends.push(this.#text.length);
    this.#seqs.push(seq);
  }

  /** From a position on, UTF-16 code units. */
  slice(from = 0): string {
    return from === 0 ? this.#text : this.#text.slice(from);
  }

  toString(): string {
    return this.#text;
  }

  /** The event that brought the code unit at `position`; null outside the text. */
  seqAt(position: number): number | null {
    return this.spanAt(position)?.seq ?? null;
  }

  /** The delta that a code unit belongs to: its part of the text, and its event; null outside the text. */
  spanAt(position: number): { readonly from: number; readonly to: number; readonly seq: number } | null {
    if (position < 0 || position >= this.#text.length) return null;
    let low = 0;
    let high = this.#ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    const to = this.#ends[low];
    const seq = this.#seqs[low];
    if (to === undefined || seq === undefined) return null;
    return { from: this.#ends[low - 1] ?? 0, to, seq };
  }

  /** The part of the text that an event brought; null where it brought none. */
  spanOf(seq: number): { readonly from: number; readonly to: number } | null {
    let low = 0;
    let high = this.#seqs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#seqs[middle] ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    if (this.#seqs[low] !== seq) return null;
    let last = low;
    while (this.#seqs[last + 1] === seq) last++;
    return { from: this.#ends[low - 1] ?? 0, to: this.#ends[last] ?? 0 };
  }
}
