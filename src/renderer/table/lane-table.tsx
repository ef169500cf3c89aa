import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Lane, LaneRow } from '../../contract/lane.ts';
import { narrowing } from '../../contract/narrowing.ts';
import { atText } from '../format/time.ts';
import { countOf, countText } from '../format/count.ts';
import { contentVersion, isLive } from '../state/captures.ts';
import { pickRow, useHighlightedRows, useSelection } from '../state/selection.ts';
import { useView } from '../state/view.ts';
import { endsStall } from '../timeline/stall-spans.ts';
import { Icon } from '../widgets/icon.tsx';
import { columns } from './columns.tsx';
import { rowsInSight, spacerHeight } from '../rows/scroll-scale.ts';
import { tableMove } from '../rows/table-keys.ts';
import { TableRow } from './table-row.tsx';
import { useCursor } from './use-cursor.ts';
import { useHeight, useScrolling } from '../rows/use-scrolling.ts';
import { useRowWindow } from './use-row-window.ts';
import './lane-table.css';

/** px, as `--row` and `--head` in the theme. */
const rowHeight = 23;
const headHeight = 25;
/** Rows drawn, and rows loaded, beyond each edge of the viewport. */
const drawnBeyond = 6;
const heldBeyond = 80;

/**
 * The rows of a lane, of any number: only visible rows are drawn, and only rows near them are loaded from the host. Needs a
 * `key` of capture and lane.
 */
export function LaneTable({ summary, lane }: { readonly summary: CaptureSummary; readonly lane: Lane }) {
  const viewport = useRef<HTMLDivElement>(null);
  const height = Math.max(0, useHeight(viewport) - headHeight);
  const filter = useView((state) => state.filter);
  const setFollow = useView((state) => state.setFollow);
  const setMatches = useView((state) => state.setMatches);
  const filtering = narrowing(filter, lane) !== null;
  const live = isLive(summary);
  const version = contentVersion(summary);
  const pinned = useView((state) => state.follow);
  const { rows, held, current, problem, want, retry } = useRowWindow(summary.id, lane, filter);

  const counted = summary.rows[lane];
  const total = filtering ? (rows?.total ?? 0) : pinned && live ? arrivedOf(counted) : counted;
  /** While pinned, the table ends at the last row that has arrived, so that it shows no placeholders. */
  function arrivedOf(counted: number): number {
    if (rows === null) return 0;
    return held?.newest === true ? Math.min(counted, rows.from + rows.rows.length) : counted;
  }

  const list = { total, rowHeight, viewport: height };
  const intent = { onUp: () => setFollow(false), onEnd: () => setFollow(live) };
  const { offset, scrollTop, reveal } = useScrolling(viewport, list, pinned, intent);
  const [first, beyond] = rowsInSight(list, offset);

  useLayoutEffect(() => {
    if (height === 0) return;
    const shown = Math.ceil(height / rowHeight) + 1;
    if (filtering) {
      want({ first, end: first + shown, spare: heldBeyond, revision: version, newest: false });
    } else if (pinned && live) {
      want({
        first: Math.max(0, counted - shown),
        end: counted,
        spare: drawnBeyond,
        revision: '',
        newest: true,
      });
    } else {
      want({ first, end: beyond, spare: heldBeyond, revision: live ? '' : version, newest: false });
    }
  }, [want, height, filtering, pinned, live, first, beyond, counted, version]);

  useEffect(() => {
    setMatches(filtering && current && rows !== null ? { total: rows.total, searched: rows.searched } : null);
  }, [setMatches, filtering, current, rows]);

  const highlighted = useHighlightedRows(lane);
  const selected = useSelection((state) => (state.lane === lane ? state.row : null));
  const select = useSelection((state) => state.select);
  const cursor = useCursor(summary.id, lane, filter, height > 0, reveal);
  const rowAt = (position: number): LaneRow | null => rows?.rows[position - rows.from] ?? null;

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const position = tableMove(event.key, cursor ?? first - 1, page, total);
    if (position !== null) {
      setFollow(false);
      reveal(position);
      // Without a filter a row's number is its position, so that it can be selected before it is fetched.
      const row = filtering ? rowAt(position)?.row : position;
      if (row !== undefined) select(lane, row);
    } else if (event.key === 'Escape') useSelection.getState().clear();
    else if (event.key === 'Enter') document.getElementById('detail')?.focus();
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const hit = event.target instanceof Element ? event.target.closest('[data-position]') : null;
    const row = hit instanceof HTMLElement ? rowAt(Number(hit.dataset['position'])) : null;
    // A press that selected text to copy does not select the row.
    if (row === null || getSelection()?.isCollapsed === false) return;
    pickRow(lane, row.row);
  };

  // Rows reuse a fixed number of elements: scrolling changes their text and creates none.
  const slots = Math.ceil(height / rowHeight) + 2 * drawnBeyond + 2;
  const drawn = [];
  for (let at = Math.max(0, first - drawnBeyond); at < Math.min(total, beyond + drawnBeyond); at += 1) {
    const row = rowAt(at);
    const number = row?.row ?? (filtering ? -1 : at);
    const related = highlighted !== null && number >= highlighted[0] && number <= highlighted[1];
    drawn.push(
      <TableRow
        key={at % slots}
        row={row}
        position={at}
        top={at * rowHeight + scrollTop - offset}
        highlight={!related ? null : number === selected ? 'selected' : 'related'}
        slow={row !== null && endsStall(summary.silences, row.at, row.gap)}
      />,
    );
  }

  return (
    <div
      className={`lane-table ${lane}`}
      style={{
        '--digits': Math.max(3, String(counted).length),
        '--time-digits': Math.max(6, atText(summary.lastAt).length),
      }}
    >
      <div
        ref={viewport}
        className="viewport"
        role="grid"
        aria-label={`${lane} of this capture`}
        aria-rowcount={total + 1}
        aria-colcount={columns[lane].length}
        aria-busy={rows === null || !current}
        aria-activedescendant={cursor === null ? undefined : `row-${cursor}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <TableHead lane={lane} />
        <div className="spacer" role="rowgroup" style={{ height: spacerHeight(list) }}>
          {drawn}
        </div>
      </div>
      {filtering && <MatchCount />}
      {filtering && current && rows?.total === 0 && rows.searched && (
        <p className="no-match" role="status">
          No row matches the filter.
        </p>
      )}
      {problem !== null && (
        <p className="table-problem" role="alert">
          {problem}{' '}
          <button type="button" className="button small" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {live && !pinned && <NewestButton counted={filtering ? null : counted} lane={lane} />}
    </div>
  );
}

function TableHead({ lane }: { readonly lane: Lane }) {
  return (
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
  );
}

/** How many rows match the filter, and whether the host is still searching. */
function MatchCount() {
  const matches = useView((state) => state.matches);
  const problem = useView((state) => state.filterProblem);
  if (problem !== null) return null;
  if (matches === null) return <span className="match-count searching">Searching…</span>;
  return (
    <span className={matches.searched ? 'match-count' : 'match-count searching'} role="status">
      {countText(matches.total)} {matches.searched ? (matches.total === 1 ? 'match' : 'matches') : 'so far…'}
    </span>
  );
}

/**
 * Resumes following a stream, and shows how many rows are new.
 *
 * @param counted number of rows of the lane; null if only some are shown
 */
function NewestButton({ counted, lane }: { readonly counted: number | null; readonly lane: Lane }) {
  const leftAt = useView((state) => state.leftAt?.[lane] ?? null);
  const setFollow = useView((state) => state.setFollow);
  const missed = counted === null || leftAt === null ? 0 : counted - leftAt;
  return (
    <button type="button" className="button newest" onClick={() => setFollow(true)}>
      <Icon name="down" size={13} /> Jump to newest{missed > 0 && <small>{countOf(missed, 'new row')}</small>}
    </button>
  );
}
