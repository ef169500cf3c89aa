import { useMemo, useState, type KeyboardEvent } from 'react';
import type { GrowingNode } from '../../core/json/growing-node.ts';
import type { Step } from './json-node-span.ts';
import { JsonTreeRow } from './json-tree-row.tsx';
import { treeKey } from './json-tree-keys.ts';
import { firstExpanded, treeRows, type TreeRow } from './json-tree-rows.ts';
import { VirtualRows } from '../rows/virtual-rows.tsx';
import './json-tree.css';

/** How JSON is shown: as a tree, or as the received text. */
export const jsonViews = { tree: 'tree', text: 'text' } as const;

export type JsonView = keyof typeof jsonViews;

interface JsonTreeProps {
  readonly root: GrowingNode;
  /** Changes whenever a tree that is still arriving has grown; its unfinished nodes are expanded. Absent if complete. */
  readonly version?: number;
  /** The path to the highlighted value. */
  readonly path: readonly Step[];
  readonly selected: TreeRow | null;
  /** The text is incomplete here (cut for display, or still arriving), so unfinished values are not errors. */
  readonly cut: boolean;
  /** Called with the row under the pointer; null when the pointer leaves. */
  readonly onPoint: (row: TreeRow | null) => void;
  readonly onSelect: (row: TreeRow, rows: readonly TreeRow[]) => void;
}

const ROW = 20;
const AT_MOST = 22;

/** A JSON text of any size and depth as a tree: only visible rows are drawn. Give it a `key` per text. */
export function JsonTree({ root, version, path, selected, cut, onPoint, onSelect }: JsonTreeProps) {
  const [expanded, setExpanded] = useState(() => firstExpanded(root));
  const [reveal, setReveal] = useState<{ readonly row: number } | null>(null);
  const [collapsed, setCollapsed] = useState<ReadonlySet<GrowingNode>>(new Set());
  const rows = useMemo(() => {
    if (version === undefined) return treeRows(root, (node) => expanded.has(node));
    // In a growing tree, unfinished nodes are expanded, and the others as initially.
    const first = firstExpanded(root);
    return treeRows(
      root,
      (node) => !collapsed.has(node) && (node.open || first.has(node) || expanded.has(node)),
    );
  }, [root, version, expanded, collapsed]);
  const rowOfNode = useMemo(() => new Map(rows.map((row, index) => [row.node, index])), [rows]);

  // If the highlighted value is inside a collapsed node, that node is highlighted.
  const highlightedNode = path.findLast((step) => rowOfNode.has(step.node))?.node ?? null;
  const active = rows.findIndex(
    (row) => row.node === selected?.node && row.key === selected?.key && row.index === selected?.index,
  );

  const toggle = (nodes: readonly GrowingNode[], open: boolean): void => {
    const opened = new Set(expanded);
    const closed = new Set(collapsed);
    for (const node of nodes) {
      (open ? opened : closed).add(node);
      (open ? closed : opened).delete(node);
    }
    setExpanded(opened);
    setCollapsed(closed);
  };
  const select = (index: number): void => {
    const row = rows[index];
    if (row === undefined) return;
    setReveal({ row: index });
    onSelect(row, rows);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const action = treeKey(event, rows, active);
    if (action === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (action.kind === 'select') select(action.row);
    else toggle(action.nodes, action.open);
  };

  return (
    <VirtualRows
      className="json-tree wire"
      role="tree"
      aria-label="JSON value"
      aria-activedescendant={active < 0 ? undefined : `json-row-${active}`}
      tabIndex={0}
      count={rows.length}
      rowHeight={ROW}
      atMost={AT_MOST}
      reveal={reveal}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onPoint(null)}
    >
      {(index) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <JsonTreeRow
            key={index}
            id={`json-row-${index}`}
            row={row}
            highlighted={row.node !== null && row.node === highlightedNode}
            selected={index === active}
            openNote={!cut ? 'not closed' : version === undefined ? 'cut' : 'arriving…'}
            onPoint={() => onPoint(row)}
            onSelect={() => select(index)}
            onToggle={() => row.node !== null && toggle([row.node], row.expanded !== true)}
          />
        );
      }}
    </VirtualRows>
  );
}
