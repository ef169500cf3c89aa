import { useState } from 'react';
import type { GrowingNode } from '../../core/json/growing-node.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import type { Highlight } from './item-highlight.ts';
import { nodeEnd } from '../json-tree/json-node-span.ts';
import { JsonTree } from '../json-tree/json-tree.tsx';
import { pathOf, type TreeRow } from '../json-tree/json-tree-rows.ts';
import { copiedValue } from '../json-tree/json-value-text.ts';
import { TextView } from './text-view.tsx';
import { visibleText } from '../../core/text/visible-text.ts';

interface JsonSectionProps {
  readonly text: string;
  /** `text` is only the beginning of the data. */
  readonly cut: boolean;
  readonly root: GrowingNode;
  readonly highlight: Highlight;
  readonly onPoint: (row: TreeRow | null) => void;
  readonly onPick: (row: TreeRow) => void;
}

/** A selected string that is longer than this, or has several lines, is shown in full below the tree. */
const LONG = 48;

/** The JSON tree, and the path and value of the selected row. */
export function JsonSection({ text, cut, root, highlight, onPoint, onPick }: JsonSectionProps) {
  const [selected, setSelected] = useState<{ readonly row: TreeRow; readonly path: string } | null>(null);
  const node = selected?.row.node ?? null;
  const long =
    node?.kind === 'string' && (node.value.length > LONG || node.value.includes('\n')) ? node.value : null;
  return (
    <>
      <JsonTree
        root={root}
        path={highlight.path}
        cut={cut}
        selected={selected?.row ?? null}
        onPoint={onPoint}
        onSelect={(row, rows) => {
          setSelected({ row, path: pathOf(rows, rows.indexOf(row)) });
          onPick(row);
        }}
      />
      {selected === null ? null : (
        <div className="json-path">
          <code className="wire" title={visibleText(selected.path.slice(0, 2000))}>
            {visibleText(selected.path.length > 400 ? `…${selected.path.slice(-400)}` : selected.path)}
          </code>
          <span className="copies">
            <CopyButton what="path" text={() => selected.path} />
            {node === null ? null : (
              <CopyButton what="value" text={() => copiedValue(text, node, nodeEnd(text, node))} />
            )}
          </span>
        </div>
      )}
      {long === null ? null : (
        <TextView text={long} highlight={null} problemAt={null} label="The selected string" />
      )}
    </>
  );
}
