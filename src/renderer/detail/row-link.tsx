import type { Lane, RowSpan } from '../../contract/lane.ts';
import { useSelection } from '../state/selection.ts';
import { useView } from '../state/view.ts';
import { rowsWords } from './detail-words.ts';

/** Rows of another lane, to go to. */
export function RowLink({ lane, rows }: { readonly lane: Lane; readonly rows: RowSpan | null }) {
  if (rows === null) return <span className="dim">none</span>;
  const go = (row: number): void => {
    useView.getState().setFollow(false);
    useSelection.getState().select(lane, row);
  };
  return (
    <button type="button" className="row-link" onClick={() => go(rows[0])}>
      {rowsWords(lane, rows)}
    </button>
  );
}
