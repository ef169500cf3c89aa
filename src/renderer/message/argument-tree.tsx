import { useState } from 'react';
import type { GrowingNode } from '../../core/json/growing-node.ts';
import { JsonTree } from '../json-tree/json-tree.tsx';
import type { TreeRow } from '../json-tree/json-tree-rows.ts';

interface ArgumentTreeProps {
  readonly root: GrowingNode;
  /** Length of the text read so far: the tree grows in place. */
  readonly version: number;
  /** More text may arrive, so unfinished values are not errors. */
  readonly open: boolean;
}

/** JSON that a model writes, as a tree that grows while it arrives. */
export function ArgumentTree({ root, version, open }: ArgumentTreeProps) {
  const [selected, setSelected] = useState<TreeRow | null>(null);
  return (
    <JsonTree
      root={root}
      version={version}
      path={[]}
      cut={open}
      selected={selected}
      onPoint={() => undefined}
      onSelect={setSelected}
    />
  );
}
