import { useEffect } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ItemDetail } from '../../contract/item.ts';
import { countOf } from '../format/count.ts';
import { currentSummary, useCaptures } from '../state/captures.ts';
import { useSelectedDetail, useSelection } from '../state/selection.ts';
import { answerOf, useFailureNotice } from '../state/use-host-query.ts';
import { Icon } from '../widgets/icon.tsx';
import { itemTitle } from './detail-words.ts';
import { ItemView } from './item-view.tsx';
import { useBytes } from './byte-windows.ts';
import './detail.css';

/** Everything about the selected row. The previous row stays until the next one is loaded, so that nothing flickers. */
export function DetailPane() {
  const capture = useCaptures((state) => state.current);
  const row = useSelection((state) => state.row);
  if (capture === null || row === null) return <NothingSelected />;
  return <SelectedItem key={capture} capture={capture} />;
}

function SelectedItem({ capture }: { readonly capture: CaptureId }) {
  const state = useSelectedDetail();
  const detail = answerOf(state);
  useFailureNotice(state);
  // Kept from row to row: neighbouring rows share a window of bytes.
  const bytes = useBytes(capture);
  if (detail === null) {
    return (
      <div className="detail" aria-busy="true">
        <p className="detail-quiet late">Fetching…</p>
      </div>
    );
  }
  return (
    <div className="detail" aria-busy={state.status === 'loading'}>
      <DetailHeader detail={detail} />
      <div className="detail-body" key={`${detail.lane} ${detail.row}`}>
        <ItemView capture={capture} detail={detail} bytes={bytes} />
      </div>
    </div>
  );
}

function DetailHeader({ detail }: { readonly detail: ItemDetail }) {
  const { start, end } = detail.range;
  const rows = useCaptures((state) => currentSummary(state)?.rows[detail.lane] ?? 0);
  const select = useSelection((state) => state.select);
  // The tab stays: stepping through events shows their words in the message.
  const step = (by: 1 | -1): void => select(detail.lane, detail.row + by, { keepTab: true });
  const shown =
    end > start ? (end - start === 1 ? `byte ${start}` : `bytes ${start}–${end - 1}`) : `at byte ${start}`;
  return (
    <header className="detail-header">
      <h2>{itemTitle(detail)}</h2>
      <span className="detail-range" title={countOf(end - start, 'byte')}>
        {shown}
      </span>
      <button
        type="button"
        className="button quiet square small"
        aria-label="Previous row"
        title="Previous row"
        disabled={detail.row === 0}
        onClick={() => step(-1)}
      >
        <span className="turned-up">
          <Icon name="chevron" />
        </span>
      </button>
      <button
        type="button"
        className="button quiet square small"
        aria-label="Next row"
        title="Next row"
        disabled={detail.row + 1 >= rows}
        onClick={() => step(1)}
      >
        <Icon name="chevron" />
      </button>
    </header>
  );
}

function NothingSelected() {
  const summary = useCaptures(currentSummary);
  const highlightBytes = useSelection((state) => state.highlightBytes);
  useEffect(() => highlightBytes(null), [highlightBytes]);
  return (
    <div className="detail">
      <div className="detail-quiet">
        <p className="detail-lead">Nothing selected</p>
        <p>
          {summary === null || summary.rows.chunks === 0
            ? 'Select a row to see its bytes, fields and JSON here.'
            : 'Select a chunk, an event or a JSON document, in the table or on the timeline, to see its bytes, fields and value.'}
        </p>
      </div>
    </div>
  );
}
