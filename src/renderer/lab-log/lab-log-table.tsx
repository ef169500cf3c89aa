import { useMemo, useRef, useState, type UIEvent } from 'react';
import { labRecordText, labRecordTime, type LabRecord } from '../../contract/lab-log.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { VirtualRows } from '../rows/virtual-rows.tsx';
import { useLabLog } from '../state/lab-log.ts';

/** In px, the same as `--row` in the theme. */
const rowHeight = 23;

/** The records, newest last. The table follows the newest record until the user scrolls up. */
export function LabLogTable({ records }: { readonly records: readonly LabRecord[] }) {
  const [isFollowing, setFollowing] = useState(true);
  const last = records.length - 1;
  // `newest` also changes when old records are dropped. A new object scrolls to the end.
  const newest = records[last]?.seq ?? -1;
  const reveal = useMemo(
    () => (isFollowing && newest >= 0 ? { row: last + 1 } : null),
    [isFollowing, last, newest],
  );
  const top = useRef(0);
  const onScroll = (event: UIEvent<HTMLDivElement>): void => {
    const { scrollTop, clientHeight, scrollHeight } = event.target as HTMLDivElement;
    const isUp = scrollTop < top.current;
    top.current = scrollTop;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 2 * rowHeight;
    if (isAtEnd) setFollowing(true);
    else if (isUp) setFollowing(false);
  };
  return (
    <div
      className="lab-log-table"
      role="table"
      aria-label="Records of the lab"
      aria-rowcount={records.length + 1}
    >
      <div className="head" role="row">
        <span role="columnheader">time</span>
        <span role="columnheader">request</span>
        <span role="columnheader">endpoint</span>
        <span role="columnheader">what</span>
        <span role="columnheader">details</span>
      </div>
      <div className="scrolled" onScrollCapture={onScroll}>
        <VirtualRows
          className="rows"
          role="rowgroup"
          tabIndex={0}
          aria-label="Records"
          // One empty row at the end: scrolling is by whole rows, so the newest record would be cut off otherwise.
          count={records.length + 1}
          rowHeight={rowHeight}
          atMost={records.length + 1}
          reveal={reveal}
        >
          {(row) => {
            const record = records[row];
            return record === undefined ? null : <Row key={record.seq} record={record} position={row} />;
          }}
        </VirtualRows>
      </div>
    </div>
  );
}

function Row({ record, position }: { readonly record: LabRecord; readonly position: number }) {
  const { requestId, endpoint, kind, time, seq } = record;
  const filtered = useLabLog((state) => state.request);
  const text = visibleText(labRecordText(record));
  return (
    <div
      className={`row ${kind}${isTrouble(record) ? ' trouble' : ''}`}
      role="row"
      aria-rowindex={position + 2}
    >
      <span role="cell" className="wire time" title={time}>
        {labRecordTime(record)}
      </span>
      <span role="cell">
        {requestId !== null && (
          <button
            type="button"
            className="row-link wire"
            title={filtered === null ? `Show ${requestId} alone` : 'Show all requests'}
            onClick={() => useLabLog.getState().filter(filtered === null ? requestId : null)}
          >
            {requestId.slice(0, 8)}
          </button>
        )}
      </span>
      <span role="cell" className="endpoint">
        {endpoint}
      </span>
      <span role="cell" className="kind">
        {kind}
      </span>
      <span role="cell" className="wire text" title={text} data-seq={seq}>
        {text}
      </span>
    </div>
  );
}

/** Whether a record is an error or a warning. */
function isTrouble(record: LabRecord): boolean {
  if (record.kind === 'answered') return record.status >= 400;
  if (record.kind === 'close') return record.reason === 'fault' || record.reason === 'error';
  return record.kind === 'line' && record.level === 'warning';
}
