import type { GrowingNode } from '../../core/json/growing-node.ts';
import type { TreeRow } from './json-tree-rows.ts';
import { lengthText, lossyNumber, valueText } from './json-value-text.ts';
import { visibleText } from '../../core/text/visible-text.ts';

interface JsonTreeRowProps {
  readonly id: string;
  readonly row: TreeRow;
  readonly highlighted: boolean;
  readonly selected: boolean;
  /** The note on a value that does not end. */
  readonly openNote: string;
  readonly onPoint: () => void;
  readonly onSelect: () => void;
  readonly onToggle: () => void;
}

/** Deeper rows are not indented further: they show the number of their level instead. */
const DEEPEST_INDENT = 14;
/** Characters of a key that are shown. */
const KEY_SHOWN = 120;

/** One row of the JSON tree. */
export function JsonTreeRow({
  id,
  row,
  highlighted,
  selected,
  openNote,
  onPoint,
  onSelect,
  onToggle,
}: JsonTreeRowProps) {
  const { node, key, depth, expanded } = row;
  const beyond = depth - DEEPEST_INDENT;
  return (
    <div
      id={id}
      className={`json-row${selected ? ' selected' : ''}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-setsize={row.siblings}
      aria-posinset={row.index + 1}
      aria-selected={selected}
      aria-expanded={expanded ?? undefined}
      style={{ paddingLeft: 8 + Math.min(depth, DEEPEST_INDENT) * 14 }}
      onPointerEnter={onPoint}
      onClick={onSelect}
      onDoubleClick={onToggle}
    >
      {beyond > 0 ? <span className="json-depth">{depth}</span> : null}
      <span
        className={`json-twist${expanded === null ? '' : expanded ? ' open' : ' closed'}`}
        onClick={(event) => {
          event.stopPropagation();
          onToggle();
        }}
      />
      <span className={highlighted ? 'json-what lit' : 'json-what'}>
        {row.parent < 0 ? null : (
          <span className={key === null ? 'json-index' : 'json-key'}>{nameText(row)}</span>
        )}
        {row.duplicate ? (
          <span
            className="json-note"
            title="Another member of this object has the same key; most parsers keep only the last."
          >
            duplicate
          </span>
        ) : null}
        {node === null ? (
          <span className="json-note">no value yet</span>
        ) : (
          <Value node={node} root={row.parent < 0} openNote={openNote} />
        )}
      </span>
    </div>
  );
}

interface ValueProps {
  readonly node: GrowingNode;
  readonly root: boolean;
  readonly openNote: string;
}

function Value({ node, root, openNote }: ValueProps) {
  const text = valueText(node);
  if (node.kind === 'object' || node.kind === 'array') {
    const kind = root ? (node.kind === 'object' ? 'object, ' : 'array, ') : '';
    return (
      <>
        <span className="json-size">{kind + text}</span>
        {node.open ? <span className="json-note">{openNote}</span> : null}
      </>
    );
  }
  const length = lengthText(node);
  const lossy = node.kind === 'number' ? lossyNumber(node.text) : null;
  return (
    <>
      <span className={`json-${node.kind}`}>{text}</span>
      {length === null ? null : <span className="json-size">{length}</span>}
      {node.open ? <span className="json-note">{openNote}</span> : null}
      {lossy === null ? null : (
        <span className="json-note" title="The value as a 64-bit float, as in JavaScript">
          as a float {lossy}
        </span>
      )}
    </>
  );
}

function nameText({ key, index }: TreeRow): string {
  if (key === null) return String(index);
  return visibleText(key.length > KEY_SHOWN ? `${key.slice(0, KEY_SHOWN)}…` : key);
}
