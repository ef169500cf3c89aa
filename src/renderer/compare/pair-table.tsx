import { useEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import type { ComparisonRow, ComparisonView } from '../../contract/comparison.ts';
import { atText } from '../format/time.ts';
import { useComparison } from '../state/comparison.ts';
import { PreviewCell } from '../table/columns.tsx';
import { rowsInSight, spacerHeight } from '../rows/scroll-scale.ts';
import { tableMove } from '../rows/table-keys.ts';
import { useHeight, useScrolling } from '../rows/use-scrolling.ts';
import { delayText } from './comparison-figures.ts';
import { useComparisonRows } from './use-comparison-rows.ts';

/** In px, the same as `--row` and `--head` in the theme. */
const rowHeight = 23;
const headHeight = 25;
const drawnBeyond = 6;

const titles = [
  ['A', 'Number of the event in A'],
  ['at, s', 'Arrival in A, since its request'],
  ['B', 'Number of the event in B'],
  ['at, s', 'Arrival in B, since its request'],
  ['delay', 'How much later the event arrived in B; for an unpaired event, which capture has it'],
  ['data', 'Data of the event'],
] as const;

/** All events of both streams in order: pairs and unpaired events. Only the visible rows are rendered. */
export function PairTable({ view }: { readonly view: ComparisonView }) {
  const viewport = useRef<HTMLDivElement>(null);
  const height = Math.max(0, useHeight(viewport) - headHeight);
  const list = { total: view.rows, rowHeight, viewport: height };
  const { offset, scrollTop, reveal } = useScrolling(viewport, list, false, intent);
  const [first, beyond] = rowsInSight(list, offset);
  const from = Math.max(0, first - drawnBeyond);
  const to = Math.min(view.rows, beyond + drawnBeyond);
  const { row: rowAt, problem } = useComparisonRows(view, from, to);
  const selected = useComparison((state) => state.row);
  const { select, again } = useComparison.getState();

  // When the detail opens below, the table becomes lower and may hide the selected row.
  const shown = useRef({ row: selected, height: 0 });
  useEffect(() => {
    if (height === 0 || (shown.current.row === selected && shown.current.height <= height)) return;
    shown.current = { row: selected, height };
    if (selected !== null) reveal(selected);
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const position = tableMove(event.key, selected ?? first - 1, page, view.rows);
    if (position !== null) select(position);
    else if (event.key === 'Escape' && selected !== null) select(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: MouseEvent): void => {
    const hit = event.target instanceof Element ? event.target.closest('[data-position]') : null;
    if (!(hit instanceof HTMLElement) || getSelection()?.isCollapsed === false) return;
    select(Number(hit.dataset['position']));
  };

  const slots = Math.ceil(height / rowHeight) + 2 * drawnBeyond + 2;
  const drawn = [];
  for (let at = from; at < to; at += 1) {
    drawn.push(
      <PairRow
        key={at % slots}
        row={rowAt(at)}
        position={at}
        top={at * rowHeight + scrollTop - offset}
        isSelected={at === selected}
      />,
    );
  }
  return (
    <div className="lane-table pairs">
      <div
        ref={viewport}
        className="viewport"
        role="grid"
        aria-label="Pairs of events"
        aria-rowcount={view.rows + 1}
        aria-colcount={titles.length}
        aria-activedescendant={selected === null ? undefined : `pair-${selected}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <div className="head row" role="row" aria-rowindex={1}>
          {titles.map(([title, meaning], index) => (
            <span
              key={index}
              role="columnheader"
              className={index < 5 ? 'cell number' : 'cell'}
              title={meaning}
            >
              {title}
            </span>
          ))}
        </div>
        <div className="spacer" role="rowgroup" style={{ height: spacerHeight(list) }}>
          {drawn}
        </div>
      </div>
      {problem !== null && (
        <p className="table-problem" role="alert">
          {problem}{' '}
          <button type="button" className="button small" onClick={again}>
            Compare again
          </button>
        </p>
      )}
    </div>
  );
}

const intent = { onUp: () => undefined, onEnd: () => undefined };

interface PairRowProps {
  readonly row: ComparisonRow | null;
  readonly position: number;
  readonly top: number;
  readonly isSelected: boolean;
}

function PairRow({ row, position, top, isSelected }: PairRowProps) {
  return (
    <div
      id={`pair-${position}`}
      className={`row ${isSelected ? 'selected' : ''} ${row === null ? 'missing' : ''} ${kindOf(row)}`}
      role="row"
      aria-rowindex={position + 2}
      aria-selected={isSelected}
      data-position={position}
      style={{ transform: `translateY(${top}px)` }}
    >
      {row === null ? <span className="cell number dim">{position}</span> : <Cells row={row} />}
    </div>
  );
}

function Cells({ row }: { readonly row: ComparisonRow }) {
  const { a, b } = row;
  const preview = (a ?? b)?.preview;
  return (
    <>
      <span role="gridcell" className="cell number">
        {a?.seq ?? ''}
      </span>
      <span role="gridcell" className="cell number dim">
        {a === null ? '' : atText(a.at)}
      </span>
      <span role="gridcell" className="cell number">
        {b?.seq ?? ''}
      </span>
      <span role="gridcell" className="cell number dim">
        {b === null ? '' : atText(b.at)}
      </span>
      <span role="gridcell" className="cell number delay">
        {relationOf(row)}
      </span>
      {preview !== undefined && <PreviewCell preview={preview} />}
    </>
  );
}

function kindOf(row: ComparisonRow | null): string {
  if (row === null || row.level !== null) return '';
  return row.a === null ? 'only-b' : 'only-a';
}

/** The relation between the events of a row. */
function relationOf({ a, b, delay, level, changed }: ComparisonRow): string {
  if (a !== null && b !== null) return `${level === 'text' ? 'split differently ' : ''}${delayText(delay)}`;
  if (changed !== null) return a === null ? `changed from ${changed}` : `changed to ${changed}`;
  return a === null ? 'only in B' : 'only in A';
}
