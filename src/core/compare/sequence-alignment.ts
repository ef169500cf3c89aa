/** Entries [from, to) of both sequences. */
export interface AlignmentWindow {
  readonly a: readonly [from: number, to: number];
  readonly b: readonly [from: number, to: number];
}

/** Which entries of two sequences belong together. */
export interface SequenceAlignment {
  /** For each entry of A the index of its partner in B, or -1. Partners are equal, and rise from entry to entry. */
  readonly partners: Int32Array;
  /**
   * Where the two differ too much to look for the greatest number of pairs. The pairs there are of equal entries and in order, but
   * there may be an alignment with more.
   */
  readonly approximate: readonly AlignmentWindow[];
}

/**
 * Edits (entries of one sequence only) that are looked ahead at once; their square is the memory that takes. When so many steps were
 * made in vain, fewer: the two have little in common then, and time is better kept than found in it.
 */
const MOST_EDITS = 256;
const FEWER_EDITS = 32;
const MOST_STEPS = 3_000_000;

/** A diagonal that no path has entered: far enough below 0 to stay there. */
const NOWHERE = -MOST_EDITS * 4;

/** A value that occurs so often, and equally often in both sequences, can anchor the alignment. */
const MOST_OCCURRENCES = 8;

/**
 * Aligns two sequences of numbers: equal entries, in order, as many as can be. Equal beginnings and ends go first, then values
 * that the other side does not have; the rest by Myers' O(ND) algorithm with a bound, once from one end to the other and once
 * between anchors (rare values that occur equally often in both, in their longest common order), whichever pairs more.
 * Without a bound reached the number of pairs is the greatest there is.
 *
 * Time is at most 2 × (3 million + 32 for each entry) steps, memory a few numbers an entry. Swapping A and B gives the same pairs.
 */
export function alignSequences(a: ArrayLike<number>, b: ArrayLike<number>): SequenceAlignment {
  if (isAfter(a, b)) {
    const { partners, approximate } = alignSequences(b, a);
    return {
      partners: inverted(partners, a.length),
      approximate: approximate.map((window) => ({ a: window.b, b: window.a })),
    };
  }
  const partners = new Int32Array(a.length).fill(-1);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) partners[start] = start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) partners[--endA] = --endB;
  if (start === endA || start === endB) return { partners, approximate: [] };
  const common = commonEntries(a, b, start, endA, endB);
  const straight = new BoundedDiff(common);
  straight.align(0, common.a.length, 0, common.b.length);
  let best = straight;
  if (straight.exceeded.length > 0) {
    const anchored = new BoundedDiff(common);
    alignAnchored(common, anchored);
    if (anchored.matched >= straight.matched) best = anchored;
  }
  for (const [i, j] of best.partners.entries()) {
    if (j >= 0) partners[common.indexA[i] as number] = common.indexB[j] as number;
  }
  const place = (index: Int32Array, at: number, end: number): number => index[at] ?? end;
  return {
    partners,
    approximate: best.exceeded.map(({ a: [fromA, toA], b: [fromB, toB] }) => ({
      a: [place(common.indexA, fromA, endA), place(common.indexA, toA, endA)],
      b: [place(common.indexB, fromB, endB), place(common.indexB, toB, endB)],
    })),
  };
}

/** Whether A comes after B by length, then by their first difference: the order in which they are always aligned. */
function isAfter(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return a.length > b.length;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) > (b[i] as number);
  return false;
}

function inverted(partners: Int32Array, length: number): Int32Array {
  const others = new Int32Array(length).fill(-1);
  for (const [i, j] of partners.entries()) if (j >= 0) others[j] = i;
  return others;
}

/** Entries whose value both sequences have, as small numbers, and where they stand. */
interface CommonEntries {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly indexA: Int32Array;
  readonly indexB: Int32Array;
  /** Occurrences of each value. */
  readonly countA: Int32Array;
  readonly countB: Int32Array;
}

function commonEntries(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  start: number,
  endA: number,
  endB: number,
): CommonEntries {
  const ids = new Map<number, number>();
  for (let i = start; i < endA; i++) {
    const value = a[i] as number;
    if (!ids.has(value)) ids.set(value, ids.size);
  }
  const countA = new Int32Array(ids.size);
  const countB = new Int32Array(ids.size);
  const valuesB: number[] = [];
  const indexB: number[] = [];
  for (let j = start; j < endB; j++) {
    const id = ids.get(b[j] as number);
    if (id === undefined) continue;
    countB[id] = (countB[id] ?? 0) + 1;
    valuesB.push(id);
    indexB.push(j);
  }
  const valuesA: number[] = [];
  const indexA: number[] = [];
  for (let i = start; i < endA; i++) {
    const id = ids.get(a[i] as number) as number;
    if (countB[id] === 0) continue;
    countA[id] = (countA[id] ?? 0) + 1;
    valuesA.push(id);
    indexA.push(i);
  }
  return {
    a: Int32Array.from(valuesA),
    b: Int32Array.from(valuesB),
    indexA: Int32Array.from(indexA),
    indexB: Int32Array.from(indexB),
    countA,
    countB,
  };
}

/** Aligns window by window between anchors. */
function alignAnchored(common: CommonEntries, diff: BoundedDiff): void {
  let fromA = 0;
  let fromB = 0;
  for (const [i, j] of anchorsOf(common)) {
    diff.align(fromA, i, fromB, j);
    diff.match(i, j);
    fromA = i + 1;
    fromB = j + 1;
  }
  diff.align(fromA, common.a.length, fromB, common.b.length);
}

/**
 * The longest common order of rare values: the n-th occurrence in A with the n-th in B. (Patience: a longest increasing
 * subsequence.)
 */
function anchorsOf({ a, b, countA, countB }: CommonEntries): readonly (readonly [number, number])[] {
  const isRare = (id: number): boolean => {
    const count = countA[id] as number;
    return count <= MOST_OCCURRENCES && count === countB[id];
  };
  const places = new Map<number, number[]>();
  for (let j = b.length - 1; j >= 0; j--) {
    const id = b[j] as number;
    if (!isRare(id)) continue;
    const known = places.get(id);
    if (known === undefined) places.set(id, [j]);
    else known.push(j);
  }
  const candidates: { readonly i: number; readonly j: number; readonly before: number }[] = [];
  /** For each length, the candidate that ends the best sequence of that length. */
  const tails: number[] = [];
  for (let i = 0; i < a.length; i++) {
    const j = places.get(a[i] as number)?.pop();
    if (j === undefined) continue;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((candidates[tails[middle] as number]?.j ?? 0) < j) low = middle + 1;
      else high = middle;
    }
    tails[low] = candidates.length;
    candidates.push({ i, j, before: low === 0 ? -1 : (tails[low - 1] as number) });
  }
  const anchors: (readonly [number, number])[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; ) {
    const candidate = candidates[at];
    if (candidate === undefined) break;
    anchors.push([candidate.i, candidate.j]);
    at = candidate.before;
  }
  return anchors.reverse();
}

/**
 * Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), forwards, with a bound: where more edits than the bound are
 * needed it keeps the path that came furthest and begins anew at its end.
 */
class BoundedDiff {
  readonly partners: Int32Array;
  /** Windows in which the bound was reached, neighbours put together. */
  readonly exceeded: AlignmentWindow[] = [];
  matched = 0;
  #steps = 0;
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  /** Furthest x on each diagonal, for each number of edits d: at d² + diagonal + d. */
  readonly #reach = new Int32Array((MOST_EDITS + 1) ** 2);

  constructor({ a, b }: CommonEntries) {
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

  /** Aligns as far as the bound goes. Returns where the path ends. */
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
        // As `#down` and `#right` say, written out: this is where the time goes.
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

  /** Where diagonal k is entered by leaving out an entry of B; negative where it cannot be. */
  #down(d: number, k: number, lengthB: number): number {
    if (k > d - 2) return NOWHERE;
    const x = this.#reach[(d - 1) * d + k + 1] as number;
    return x - k > lengthB ? NOWHERE : x;
  }

  /** Where diagonal k is entered by leaving out an entry of A; negative where it cannot be. */
  #right(d: number, k: number, lengthA: number): number {
    if (k < 2 - d) return NOWHERE;
    const x = (this.#reach[(d - 1) * d + k - 1] as number) + 1;
    return x > lengthA ? NOWHERE : x;
  }

  /** Goes back along the path that ends on a diagonal after `edits`, and notes its pairs. */
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
