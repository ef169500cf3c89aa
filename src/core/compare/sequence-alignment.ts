import { firstIndex } from '../binary-search.ts';
import { BoundedDiff, type AlignmentWindow } from './bounded-diff.ts';

/** The matching entries of two sequences. */
export interface SequenceAlignment {
  /** Per entry of A the index of its partner in B, or -1. Partners are equal and ascending. */
  readonly partners: Int32Array;
  /**
   * Where the two differ too much to find the most pairs. The pairs there are equal and in order, but not necessarily
   * the most.
   */
  readonly approximate: readonly AlignmentWindow[];
}

/** A value that occurs at most this often, and equally often in both sequences, can be an anchor. */
const MOST_OCCURRENCES = 8;

/**
 * Aligns two sequences of numbers: equal entries, in order, as many as possible. Equal beginnings and ends are matched
 * first, and values of one side only are removed. The rest is aligned by Myers' O(ND) algorithm with a bound, once as a
 * whole and once between anchors (rare values that occur equally often in both, in their longest common order); the
 * better result counts. If no bound is reached, the number of pairs is the maximum.
 *
 * Time: at most 2 × (3 million + 32 per entry) steps. Memory: a few numbers per entry. Swapping A and B gives the same pairs.
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
  const straight = new BoundedDiff(common.a, common.b);
  straight.align(0, common.a.length, 0, common.b.length);
  let best = straight;
  if (straight.exceeded.length > 0) {
    const anchored = new BoundedDiff(common.a, common.b);
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

/** Whether A sorts after B by length, then by their first difference: they are always aligned in this order. */
function isAfter(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return a.length > b.length;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) > (b[i] as number);
  return false;
}

/** Partners from the view of the other sequence, which has `length` entries. */
export function inverted(partners: Int32Array, length: number): Int32Array {
  const others = new Int32Array(length).fill(-1);
  for (const [i, j] of partners.entries()) if (j >= 0) others[j] = i;
  return others;
}

/** Entries whose values both sequences have, as small numbers, and their positions. */
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
  /** Per length, the candidate that ends the best sequence of that length. */
  const tails: number[] = [];
  for (let i = 0; i < a.length; i++) {
    const j = places.get(a[i] as number)?.pop();
    if (j === undefined) continue;
    const place = firstIndex(0, tails.length, (at) => (candidates[tails[at] as number]?.j ?? 0) >= j);
    tails[place] = candidates.length;
    candidates.push({ i, j, before: place === 0 ? -1 : (tails[place - 1] as number) });
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
