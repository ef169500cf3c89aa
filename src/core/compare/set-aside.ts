import { isConstantIdentity } from './request-identity.ts';
import {
  highContribution,
  lowContribution,
  sampleOf,
  type PayloadPath,
  type PayloadPaths,
} from './payload-paths.ts';

/** A member that was not compared event by event. */
export interface SetAside {
  /** In JavaScript notation: `choices[0].delta.content`. */
  readonly path: string;
  /**
   * - `identity`: it identifies or times the request, so it differs between requests. Not a difference of content.
   * - `constant`: one value in all of A and another in all of B, or only in one of them. A difference of content, reported once.
   */
  readonly reason: 'identity' | 'constant';
  /** Its latest value in A and B as JSON, shortened; null if missing. */
  readonly a: string | null;
  readonly b: string | null;
}

/** What to subtract from the fingerprints of each set of paths: two lanes per set. */
export type Corrections = Int32Array;

/** Constant differences of two streams, and the corrections of their fingerprints. */
interface Settled {
  readonly members: readonly SetAside[];
  readonly a: Corrections;
  readonly b: Corrections;
}

/** The least number of equal values of a constant path. */
const LEAST_VALUES = 3;
/** The least share of payloads with a path that only one stream has, to count as added throughout. */
const LEAST_SHARE = 0.9;
/** The most members that are reported. */
const MOST_TOLD = 200;

/** The paths of a stream and its number of payloads. */
interface StreamPaths {
  readonly paths: PayloadPaths;
  readonly payloads: number;
}

/**
 * Finds the constant differences of two streams: members set aside by name and form, and members with a constant but
 * different value in each.
 */
export function settle(a: StreamPaths, b: StreamPaths): Settled {
  const pathsB = new Map(b.paths.paths.map((path) => [path.path, path]));
  const members: SetAside[] = [];
  const asideA = new Set<number>();
  const asideB = new Set<number>();
  const judge = (pathA: PayloadPath | null, pathB: PayloadPath | null): void => {
    const reason = reasonOf(pathA, pathB, a.payloads, b.payloads);
    if (reason === null) return;
    if (reason !== 'named') {
      if (pathA !== null) asideA.add(pathA.index);
      if (pathB !== null) asideB.add(pathB.index);
    }
    const known = pathA ?? pathB;
    if (known === null || members.length >= MOST_TOLD) return;
    members.push({
      path: known.path,
      reason: reason === 'constant' ? 'constant' : 'identity',
      a: pathA === null ? null : sampleOf(pathA),
      b: pathB === null ? null : sampleOf(pathB),
    });
  };
  for (const pathA of a.paths.paths) {
    const pathB = pathsB.get(pathA.path);
    pathsB.delete(pathA.path);
    judge(used(pathA), used(pathB));
  }
  for (const pathB of pathsB.values()) judge(null, used(pathB));
  return { members, a: correctionsOf(a.paths, asideA), b: correctionsOf(b.paths, asideB) };
}

/** Inner paths have no value. */
function used(path: PayloadPath | undefined): PayloadPath | null {
  return path === undefined || path.count + path.aside === 0 ? null : path;
}

function reasonOf(
  a: PayloadPath | null,
  b: PayloadPath | null,
  payloadsA: number,
  payloadsB: number,
): 'named' | 'identity' | 'constant' | null {
  const known = a ?? b;
  if (known === null || known.isOutput) return null;
  if ((a?.count ?? 0) === 0 && (b?.count ?? 0) === 0) return 'named';
  // A stream with other or very few payloads lacks everything, which says nothing about a member.
  if ((a === null && payloadsA < LEAST_VALUES) || (b === null && payloadsB < LEAST_VALUES)) return null;
  const isConstant = (path: PayloadPath | null, payloads: number, least: number): boolean =>
    path === null || (!path.varies && path.count >= Math.max(LEAST_VALUES, least * payloads));
  const least = a === null || b === null ? LEAST_SHARE : 0;
  if (!isConstant(a, payloadsA, least) || !isConstant(b, payloadsB, least)) return null;
  if (a !== null && b !== null && a.lastPrint === b.lastPrint) return null;
  const name = known.path.slice(known.path.lastIndexOf('.') + 1);
  const sides = [a, b].filter((path) => path !== null);
  return sides.every(({ last }) => isConstantIdentity(name, last ?? null)) ? 'identity' : 'constant';
}

function correctionsOf(paths: PayloadPaths, aside: ReadonlySet<number>): Corrections {
  const corrections = new Int32Array(paths.shapes.length * 2);
  if (aside.size === 0) return corrections;
  for (const [shape, leaves] of paths.shapes.entries()) {
    const out = leaves.filter((index) => aside.has(index));
    // Something to compare must remain.
    if (out.length === leaves.length) continue;
    for (const index of out) {
      const path = paths.paths[index];
      if (path === undefined) continue;
      corrections[shape * 2] = ((corrections[shape * 2] ?? 0) + lowContribution(path)) | 0;
      corrections[shape * 2 + 1] = ((corrections[shape * 2 + 1] ?? 0) + highContribution(path)) | 0;
    }
  }
  return corrections;
}
