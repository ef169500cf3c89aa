import { useEffect, useLayoutEffect, useRef } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { useShallow } from 'zustand/shallow';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Lane, LaneRow } from '../../contract/lane.ts';
import { countOf } from '../format/count.ts';
import { isLive } from '../state/captures.ts';
import { callHost, notifyProblem } from '../state/host.ts';
import { litRows, useSelection } from '../state/selection.ts';
import { isFiltering, useView } from '../state/view.ts';
import { stallThreshold } from '../timeline/stall-spans.ts';
import { Icon } from '../widgets/icon.tsx';
import { columns } from './columns.tsx';
import { rowsInSight, spacerHeight } from './scroll-scale.ts';
import { TableRow } from './table-row.tsx';
import { useHeight } from './use-height.ts';
import { useRowWindow } from './use-row-window.ts';
import { useScrolling } from './use-scrolling.ts';
import './lane-table.css';

/** px, as `--row` in the theme. */
const rowHeight = 23;
/** Rows drawn beyond each edge of the viewport, and rows held beyond it. */
const drawnBeyond = 6;
const heldBeyond = 80;

/**
 * The rows of a lane, however many: only those in sight exist, and only those near it are fetched from the host.
 * Mount it anew for another capture or lane.
 */
export function LaneTable({ summary, lane }: { readonly summary: CaptureSummary; readonly lane: Lane }) {
  const viewport = useRef<HTMLDivElement>(null);
  const height = useHeight(viewport);
  const filter = useView((state) => state.filter);
  const filtering = isFiltering(filter);
  const live = isLive(summary);
  const pinned = useView((state) => state.follow) && live;
  const { rows, current, problem, want, retry } = useRowWindow(summary.id, lane, filter);

  // While pinned, rows that were counted but have not come yet are not shown as holes: the end is where they end.
  const end = useRef(0);
  const counted = summary.rows[lane];
  const arrived = rows === null ? 0 : rows.from + rows.rows.length;
  if (!filtering) end.current = pinned ? Math.min(Math.max(end.current, arrived), counted) : counted;
  const total = filtering ? (rows?.total ?? 0) : end.current;
  const list = { total, rowHeight, viewport: height };

  const { setFollow } = useView.getState();
  const newestSeen = useRef(counted);
  const scrolling = useScrolling(
    viewport,
    list,
    pinned,
    () => setFollow(false),
    () => setFollow(true),
  );
  if (pinned) newestSeen.current = counted;
  const [first, beyond] = rowsInSight(list, scrolling.offset);

  useLayoutEffect(() => {
    if (height === 0) return;
    const shown = Math.ceil(height / rowHeight) + 1;
    if (filtering) {
      want({ first, end: first + shown, spare: heldBeyond, revision: `${counted} ${summary.phase}` });
    } else if (pinned) {
      want({ first: Math.max(0, counted - shown), end: counted, spare: drawnBeyond, revision: '' });
    } else {
      want({ first, end: beyond, spare: heldBeyond, revision: live ? '' : summary.phase });
    }
  });

  useEffect(() => {
    const { setMatches } = useView.getState();
    setMatches(filtering && current && rows !== null ? { total: rows.total, searched: rows.searched } : null);
  }, [filtering, current, rows]);

  const rowAt = (position: number): LaneRow | null => rows?.rows[position - rows.from] ?? null;
  const lit = useSelection(useShallow((state) => litRows(state, lane)));
  const selected = useSelection((state) => (state.lane === lane ? state.row : null));
  const cursor = useCursor(lane, summary, height, scrolling.reveal);

  const moveTo = (position: number): void => {
    const inside = Math.min(total - 1, Math.max(0, position));
    if (inside < 0) return;
    setFollow(false);
    scrolling.reveal(inside);
    // Without a filter a row's number is its position, so that it can be selected before it is fetched.
    const row = filtering ? rowAt(inside)?.row : inside;
    if (row !== undefined) useSelection.getState().select(lane, row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const from = cursor.current ?? first - 1;
    if (event.key === 'ArrowDown') moveTo(from + 1);
    else if (event.key === 'ArrowUp') moveTo(from - 1);
    else if (event.key === 'PageDown') moveTo(from + page);
    else if (event.key === 'PageUp') moveTo(from - page);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(total - 1);
    else if (event.key === 'Escape') useSelection.getState().clear();
    else if (event.key === 'Enter') document.getElementById('detail')?.focus();
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const hit = event.target instanceof Element ? event.target.closest('[data-position]') : null;
    const row = hit instanceof HTMLElement ? rowAt(Number(hit.dataset['position'])) : null;
    if (row === null || getSelection()?.isCollapsed === false) return;
    setFollow(false);
    useSelection.getState().select(lane, row.row);
  };

  const from = Math.max(0, first - drawnBeyond);
  const to = Math.min(total, beyond + drawnBeyond);
  // Rows take turns in a fixed number of elements: scrolling changes their texts and creates none.
  const slots = Math.ceil(height / rowHeight) + 2 * drawnBeyond + 2;
  const shift = scrolling.scrollTop - scrolling.offset;
  const slow = summary.gaps === null ? Number.POSITIVE_INFINITY : stallThreshold(summary.gaps, []);
  const drawn = [];
  for (let position = from; position < to; position += 1) {
    const row = rowAt(position);
    const number = row?.row ?? (filtering ? -1 : position);
    const related = lit !== null && number >= lit[0] && number <= lit[1];
    drawn.push(
      <TableRow
        key={position % slots}
        row={row}
        position={position}
        top={position * rowHeight + shift}
        light={!related ? null : number === selected ? 'selected' : 'related'}
        slow={(row?.gap ?? 0) >= slow}
      />,
    );
  }
  const missed = live && !pinned && !filtering ? counted - newestSeen.current : 0;

  return (
    <div
      className={`lane-table ${lane}`}
      role="grid"
      aria-label={`${lane} of this capture`}
      aria-rowcount={total + 1}
      aria-colcount={columns[lane].length}
      aria-busy={rows === null || !current}
      aria-activedescendant={cursor.current === null ? undefined : `row-${cursor.current}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className="head row" role="row" aria-rowindex={1}>
        {columns[lane].map((column) => (
          <span
            key={column.title}
            role="columnheader"
            className={column.number === true ? 'cell number' : 'cell'}
            title={column.meaning}
          >
            {column.title}
          </span>
        ))}
      </div>
      <div ref={viewport} className="viewport" role="presentation" tabIndex={-1} onClick={onClick}>
        <div className="spacer" role="rowgroup" style={{ height: spacerHeight(list) }}>
          {drawn}
        </div>
      </div>
      {problem !== null && (
        <p className="table-problem" role="alert">
          {problem}{' '}
          <button type="button" className="button small" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {live && !pinned && (
        <button type="button" className="button newest" onClick={() => setFollow(true)}>
          <Icon name="down" size={13} /> Jump to newest
          {missed > 0 && <small>{countOf(missed, 'new row')}</small>}
        </button>
      )}
    </div>
  );
}

/**
 * Position of the selected row, where the keyboard goes on from. A selection made elsewhere (timeline, detail, another
 * lane) is brought into sight: the row itself, or the first one related to it.
 */
function useCursor(
  lane: Lane,
  summary: CaptureSummary,
  height: number,
  reveal: (position: number) => boolean,
) {
  const cursor = useRef<number | null>(null);
  const first = useSelection((state) => litRows(state, lane)?.[0] ?? null);
  const own = useSelection((state) => state.lane === lane);
  const filter = useView((state) => state.filter);
  const { id } = summary;
  const show = useRef(reveal);
  show.current = reveal;

  useEffect(() => {
    if (first === null) cursor.current = null;
    if (first === null || height === 0) return;
    let overtaken = false;
    const arrive = (position: number): void => {
      if (overtaken) return;
      cursor.current = position;
      useView.getState().setFollow(false);
      show.current(position);
    };
    if (!isFiltering(filter)) arrive(first);
    else {
      callHost('capture.position', { capture: id, lane, row: first, filter }).then(
        ({ position }) => arrive(position),
        notifyProblem,
      );
    }
    return () => {
      overtaken = true;
    };
    // `height` only matters for being known: a resize moves nothing.
  }, [first, own, lane, id, filter, height === 0]);
  return cursor;
}
