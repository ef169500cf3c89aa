import type { Lane, RowSpan } from '../../contract/lane.ts';
import { pickRow } from '../state/selection.ts';
import { rowsWords } from './detail-words.ts';

/** A link to rows of another lane. */
export function RowLink({ lane, rows }: { readonly lane: Lane; readonly rows: RowSpan | null }) {
  if (rows === null) return <span className="dim">none</span>;
  return (
    <button type="button" className="row-link" onClick={() => pickRow(lane, rows[0])}>
      {rowsWords(lane, rows)}
    </button>
  );
}
