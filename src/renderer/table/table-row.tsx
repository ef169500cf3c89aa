import { memo } from 'react';
import type { LaneRow } from '../../contract/lane.ts';
import { Cells } from './columns.tsx';

export interface TableRowProps {
  /** Null until it is loaded. */
  readonly row: LaneRow | null;
  readonly position: number;
  /** Distance from the top of the spacer in px. */
  readonly top: number;
  /** Selected, or related to what is selected. */
  readonly highlight: 'selected' | 'related' | null;
  readonly slow: boolean;
}

/** One row. Rendered again only if it has changed. */
export const TableRow = memo(function TableRow({ row, position, top, highlight, slow }: TableRowProps) {
  return (
    <div
      id={`row-${position}`}
      className={`row ${highlight ?? ''} ${row === null ? 'missing' : ''}`}
      role="row"
      aria-rowindex={position + 2}
      aria-selected={highlight === 'selected'}
      data-position={position}
      style={{ transform: `translateY(${top}px)` }}
    >
      {row === null ? <span className="cell number dim">{position}</span> : <Cells row={row} slow={slow} />}
    </div>
  );
}, isSame);

function isSame(a: TableRowProps, b: TableRowProps): boolean {
  return (
    a.position === b.position &&
    a.top === b.top &&
    a.highlight === b.highlight &&
    a.slow === b.slow &&
    isSameRow(a.row, b.row)
  );
}

/** Rows that were loaded twice are different objects with the same content. */
function isSameRow(a: LaneRow | null, b: LaneRow | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (
    a.lane === b.lane &&
    a.row === b.row &&
    a.range.end === b.range.end &&
    a.preview.text === b.preview.text &&
    stateOf(a) === stateOf(b)
  );
}

function stateOf(row: LaneRow): string | null {
  return row.lane === 'blocks' ? `${row.kind} ${row.payload}` : row.lane === 'documents' ? row.state : null;
}
