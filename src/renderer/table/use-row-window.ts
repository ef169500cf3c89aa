import { useCallback, useEffect, useRef, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { Filter, Lane, RowsWindow } from '../../contract/lane.ts';
import { narrowing } from '../../contract/narrowing.ts';
import { Refusal } from '../../contract/refusal.ts';
import { callHost, problemOf } from '../state/host.ts';
import { useView } from '../state/view.ts';
import { RowWindow, type Wanted } from './row-window.ts';

interface HeldRows {
  /** Rows that match the filter; those of the previous filter until the first have arrived. */
  readonly rows: RowsWindow | null;
  /** What they were requested for. */
  readonly held: Wanted | null;
  /** False while `rows` are those of the previous filter. */
  readonly current: boolean;
  /** Why rows cannot be loaded. An invalid pattern is reported in `filterProblem` instead. */
  readonly problem: string | null;
  readonly want: (wanted: Wanted) => void;
  readonly retry: () => void;
}

interface Loaded {
  readonly rows: RowsWindow | null;
  readonly held: Wanted | null;
  readonly problem: string | null;
  /** The filter that the rows were requested with. */
  readonly filter: Filter | null;
}

/** The visible rows of a lane, from the host. */
export function useRowWindow(capture: CaptureId, lane: Lane, filter: Filter): HeldRows {
  const [loaded, setLoaded] = useState<Loaded>({ rows: null, held: null, problem: null, filter: null });
  const rowWindow = useRef<RowWindow | null>(null);
  const wanted = useRef<Wanted | null>(null);

  useEffect(() => {
    const narrow = narrowing(filter, lane);
    const filtered = narrow === null ? {} : { filter: narrow };
    const mine: RowWindow = new RowWindow(
      (from, to) => callHost('capture.rows', { capture, lane, from, to, ...filtered }),
      () => setLoaded({ rows: mine.rows, held: mine.held, problem: null, filter }),
      (error) => {
        const badPattern = error instanceof Refusal && error.code === 'bad-pattern';
        if (badPattern) useView.getState().setFilterProblem(error.message);
        else setLoaded((before) => ({ ...before, problem: problemOf(error), filter }));
      },
    );
    rowWindow.current = mine;
    if (wanted.current !== null) mine.want(wanted.current);
    return () => mine.close();
  }, [capture, lane, filter]);

  const want = useCallback((next: Wanted): void => {
    wanted.current = next;
    rowWindow.current?.want(next);
  }, []);
  const retry = useCallback((): void => rowWindow.current?.retry(), []);
  const current = loaded.filter === filter;
  return { ...loaded, current, problem: current ? loaded.problem : null, want, retry };
}
