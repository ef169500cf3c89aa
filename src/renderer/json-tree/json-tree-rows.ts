import type { GrowingNode, GrowingObject } from '../../core/json/growing-node.ts';

/** A row of the tree: a node with its position. */
export interface TreeRow {
  /** Null for a member whose value has not started to arrive. */
  readonly node: GrowingNode | null;
  readonly key: string | null;
  readonly index: number;
  /** 0 for the root. */
  readonly depth: number;
  /** Row of the container it is in; -1 for the root. */
  readonly parent: number;
  /** Null if it cannot be expanded. */
  readonly expanded: boolean | null;
  /** Another member of the object has the same key. */
  readonly duplicate: boolean;
  /** Number of nodes in its container, for screen readers. */
  readonly siblings: number;
}

/** Most rows of a tree that is opened automatically. */
const FIRST_ROWS = 120;

/** Number of children of a node. */
export function childCount(node: GrowingNode): number {
  return node.kind === 'object' ? node.members.length : node.kind === 'array' ? node.items.length : 0;
}

/**
 * The visible rows of a tree, top to bottom. Takes time in proportion to the rows, not to what is collapsed below them, and
 * does not recurse: nesting may be 100,000 deep.
 */
export function treeRows(root: GrowingNode, isExpanded: (node: GrowingNode) => boolean): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (
    node: GrowingNode | null,
    key: string | null,
    index: number,
    parent: number,
    siblings: number,
    duplicate: boolean,
  ): void => {
    const expanded = node === null || childCount(node) === 0 ? null : isExpanded(node);
    const depth = parent < 0 ? 0 : (rows[parent]?.depth ?? 0) + 1;
    rows.push({ node, key, index, depth, parent, expanded, duplicate, siblings });
    if (expanded === true && node !== null)
      open.push({ node, row: rows.length - 1, next: 0, duplicates: duplicateKeys(node) });
  };
  const open: {
    readonly node: GrowingNode;
    readonly row: number;
    next: number;
    readonly duplicates: ReadonlySet<string>;
  }[] = [];
  add(root, null, 0, -1, 1, false);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { node, row, duplicates } = top;
    const index = top.next++;
    const count = childCount(node);
    if (index >= count) open.pop();
    else if (node.kind === 'array') add(node.items[index] ?? null, null, index, row, count, false);
    else if (node.kind === 'object') {
      const member = node.members[index];
      if (member !== undefined) add(member.value, member.key, index, row, count, duplicates.has(member.key));
    }
  }
  return rows;
}

/** Nodes to expand initially: level by level, while there are few rows. */
export function firstExpanded(root: GrowingNode): Set<GrowingNode> {
  const expanded = new Set<GrowingNode>();
  const queue: GrowingNode[] = [root];
  let rows = 1;
  for (let next = 0; next < queue.length; next++) {
    const node = queue[next];
    if (node === undefined) break;
    const children = childCount(node);
    if (children === 0) continue;
    // The root is always expanded: a single collapsed row shows nothing.
    if (rows + children > FIRST_ROWS && node !== root) break;
    expanded.add(node);
    rows += children;
    if (children > FIRST_ROWS) continue;
    if (node.kind === 'array') queue.push(...node.items);
    else if (node.kind === 'object')
      for (const { value } of node.members) if (value !== null) queue.push(value);
  }
  return expanded;
}

const none: ReadonlySet<string> = new Set();
/** Results by object, with the number of members examined: an object may still be growing. */
const known = new WeakMap<GrowingObject, { readonly members: number; readonly twice: ReadonlySet<string> }>();

/** Keys that an object has more than once: JSON allows it, and most parsers keep only the last. */
function duplicateKeys(node: GrowingNode): ReadonlySet<string> {
  if (node.kind !== 'object') return none;
  // A key that is still arriving may become another key.
  const members = node.members.filter(({ keyOpen }) => !keyOpen);
  const before = known.get(node);
  if (before !== undefined && before.members === members.length) return before.twice;
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { key } of members) {
    if (seen.has(key)) twice.add(key);
    seen.add(key);
  }
  known.set(node, { members: members.length, twice });
  return twice;
}

/** Path of a row in JavaScript notation: `choices[0].delta.content`, `["a b"]`; `$` for the root. */
export function pathOf(rows: readonly TreeRow[], row: number): string {
  const parts: string[] = [];
  for (let at = row; at >= 0; ) {
    const found = rows[at];
    if (found === undefined || found.parent < 0) break;
    parts.push(found.key === null ? `[${found.index}]` : keyPath(found.key));
    at = found.parent;
  }
  const path = parts.toReversed().join('');
  return path === '' ? '$' : path.startsWith('.') ? path.slice(1) : path;
}

function keyPath(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
