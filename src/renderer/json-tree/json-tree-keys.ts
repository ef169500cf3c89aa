import type { GrowingNode } from '../../core/json/growing-node.ts';
import type { TreeRow } from './json-tree-rows.ts';

/** What a key does in the tree. */
export type TreeAction =
  | { readonly kind: 'select'; readonly row: number }
  | { readonly kind: 'toggle'; readonly nodes: readonly GrowingNode[]; readonly open: boolean };

const PAGE = 15;

/**
 * Keyboard control of a tree as in the ARIA practices: Up and Down move, Right expands or enters, Left collapses or leaves,
 * Home and End move to the ends, Enter and Space toggle, `*` expands all siblings. Null for other keys.
 *
 * @param active the selected row, -1 for none
 */
export function treeKey(
  event: {
    readonly key: string;
    readonly ctrlKey: boolean;
    readonly altKey: boolean;
    readonly metaKey: boolean;
  },
  rows: readonly TreeRow[],
  active: number,
): TreeAction | null {
  if (event.ctrlKey || event.altKey || event.metaKey || rows.length === 0) return null;
  const row = rows[active];
  const go = (to: number): TreeAction => ({
    kind: 'select',
    row: Math.min(Math.max(to, 0), rows.length - 1),
  });
  switch (event.key) {
    case 'ArrowDown':
      return go(active + 1);
    case 'ArrowUp':
      return go(active - 1);
    case 'PageDown':
      return go(active + PAGE);
    case 'PageUp':
      return go(active - PAGE);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowRight':
      if (row?.expanded === true) return go(active + 1);
      return toggled(row, true);
    case 'ArrowLeft':
      if (row?.expanded === true) return toggled(row, false);
      return row === undefined || row.parent < 0 ? null : go(row.parent);
    case 'Enter':
    case ' ':
      return toggled(row, row?.expanded !== true);
    case '*': {
      const siblings = rows.filter((other) => other.parent === row?.parent && other.expanded === false);
      return {
        kind: 'toggle',
        nodes: siblings.flatMap(({ node }) => (node === null ? [] : [node])),
        open: true,
      };
    }
    default:
      return null;
  }
}

function toggled(row: TreeRow | undefined, open: boolean): TreeAction | null {
  if (row === undefined || row.node === null || row.expanded === null) return null;
  return { kind: 'toggle', nodes: [row.node], open };
}
