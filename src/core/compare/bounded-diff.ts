/** Entries [from, to) of both sequences. */
export interface AlignmentWindow {
  readonly a: readonly [from: number, to: number];
  readonly b: readonly [from: number, to: number];
}

/**
 * The most edits (entries of one sequence only) in one search; memory grows with their square. After many fruitless
 * steps the bound is lower: the sequences have little in common, and more search is not worth the time.
 */
const MOST_EDITS = 256;
const FEWER_EDITS = 32;
const MOST_STEPS = 3_000_000;

/** A diagonal that no path has entered: so far below 0 that it stays negative. */
const NOWHERE = -MOST_EDITS * 4;

/**
 * Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), forward search with a bound: if more edits are
 * needed, it keeps the path that came furthest and starts again at its end.
 */
export class BoundedDiff {
  readonly partners: Int32Array;
  /** Windows in which the bound was reached; neighbours are merged. */
  readonly exceeded: AlignmentWindow[] = [];
  matched = 0;
  #steps = 0;
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  /** Furthest x on each diagonal, for each number of edits d: at d² + diagonal + d. */
  readonly #reach = new Int32Array((MOST_EDITS + 1) ** 2);

  constructor(a: Int32Array, b: Int32Array) {
    this.#a = a;
    this.#b = b;
    this.partners = new Int32Array(a.length).fill(-1);
  }

  match(i: number, j: number): void {
    this.partners[i] = j;
    this.matched++;
  }

  align(fromA: number, toA: number, fromB: number, toB: number): void {
    let [startA, startB] = [fromA, fromB];
    while (startA < toA && startB < toB) {
      const [reachedA, reachedB] = this.#step(startA, toA, startB, toB);
      if (reachedA < toA || reachedB < toB) this.#exceed(startA, reachedA, startB, reachedB);
      startA = reachedA;
      startB = reachedB;
    }
  }

  #exceed(fromA: number, toA: number, fromB: number, toB: number): void {
    const last = this.exceeded.at(-1);
    if (last === undefined || last.a[1] !== fromA || last.b[1] !== fromB) {
      this.exceeded.push({ a: [fromA, toA], b: [fromB, toB] });
    } else this.exceeded[this.exceeded.length - 1] = { a: [last.a[0], toA], b: [last.b[0], toB] };
  }

  /** Aligns within the bound. Returns where the path ends. */
  #step(fromA: number, toA: number, fromB: number, toB: number): readonly [number, number] {
    const a = this.#a;
    const b = this.#b;
    const reach = this.#reach;
    const lengthA = toA - fromA;
    const lengthB = toB - fromB;
    const most = this.#steps < MOST_STEPS ? MOST_EDITS : FEWER_EDITS;
    for (let d = 0; ; d++) {
      const row = d * d + d;
      const above = (d - 1) * d;
      let best = -1;
      let bestDiagonal = 0;
      for (let k = -d; k <= d; k += 2) {
        // `#down` and `#right` inlined: this is the hot loop.
        let x = d === 0 ? 0 : NOWHERE;
        if (k < d) {
          const down = reach[above + k + 1] as number;
          if (down - k <= lengthB) x = down;
        }
        if (k > -d) {
          const right = (reach[above + k - 1] as number) + 1;
          if (right > x && right <= lengthA) x = right;
        }
        if (x < 0) {
          reach[row + k] = NOWHERE;
          continue;
        }
        let y = x - k;
        while (x < lengthA && y < lengthB && a[fromA + x] === b[fromB + y]) {
          x++;
          y++;
        }
        reach[row + k] = x;
        if (x === lengthA && y === lengthB) {
          this.#trace(d, k, x, fromA, fromB, lengthA, lengthB);
          return [toA, toB];
        }
        if (x + y > best) {
          best = x + y;
          bestDiagonal = k;
        }
      }
      this.#steps += d;
      if (d === most) {
        const x = reach[row + bestDiagonal] as number;
        this.#trace(d, bestDiagonal, x, fromA, fromB, lengthA, lengthB);
        return [fromA + x, fromB + x - bestDiagonal];
      }
    }
  }

  /** Where diagonal k is entered by skipping an entry of B; negative if impossible. */
  #down(d: number, k: number, lengthB: number): number {
    if (k > d - 2) return NOWHERE;
    const x = this.#reach[(d - 1) * d + k + 1] as number;
    return x - k > lengthB ? NOWHERE : x;
  }

  /** Where diagonal k is entered by skipping an entry of A; negative if impossible. */
  #right(d: number, k: number, lengthA: number): number {
    if (k < 2 - d) return NOWHERE;
    const x = (this.#reach[(d - 1) * d + k - 1] as number) + 1;
    return x > lengthA ? NOWHERE : x;
  }

  /** Follows the path that ends on a diagonal after `edits` backwards and records its pairs. */
  #trace(
    edits: number,
    diagonal: number,
    end: number,
    fromA: number,
    fromB: number,
    lengthA: number,
    lengthB: number,
  ): void {
    let x = end;
    let k = diagonal;
    for (let d = edits; d >= 0; d--) {
      const down = d === 0 ? 0 : this.#down(d, k, lengthB);
      const right = d === 0 ? 0 : this.#right(d, k, lengthA);
      const start = Math.max(down, right);
      while (x > start) {
        x--;
        this.match(fromA + x, fromB + x - k);
      }
      if (down >= right) k++;
      else {
        k--;
        x--;
      }
    }
  }
}
