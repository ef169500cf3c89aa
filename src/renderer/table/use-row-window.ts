import { useCallback, useEffect, useRef, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { Filter, Lane, RowsWindow } from '../../contract/lane.ts';
import { narrowing } from '../../contract/narrowing.ts';
import { Refusal } from '../../contract/refusal.ts';
import { callHost, problemOf } from '../state/host.ts';
import { useView } from '../state/view.ts';
import { RowWindow, type Wanted } from './row-window.ts';

interface HeldRows {
  /** Rows of the filter asked for; those of the filter before it until the first have come. */
  readonly rows: RowsWindow | null;
  /** What they came for. */
  readonly held: Wanted | null;
  /** False while `rows` are those of the filter before. */
  readonly current: boolean;
  /** Why rows cannot be had; a pattern that is none is told to the filter instead. */
  readonly problem: string | null;
  readonly want: (wanted: Wanted) => void;
  readonly retry: () => void;
}

interface Came {
  readonly rows: RowsWindow | null;
  readonly held: Wanted | null;
  readonly problem: string | null;
  /** The filter that it came for. */
  readonly filter: Filter | null;
}

/** The rows of a lane that are in sight, from the host. */
export function useRowWindow(capture: CaptureId, lane: Lane, filter: Filter): HeldRows {
  const [came, setCame] = useState<Came>({ rows: null, held: null, problem: null, filter: null });
  const rowWindow = useRef<RowWindow | null>(null);
  const wanted = useRef<Wanted | null>(null);

  useEffect(() => {
    const narrow = narrowing(filter, lane);
    const filtered = narrow === null ? {} : { filter: narrow };
    const mine: RowWindow = new RowWindow(
      (from, to) => callHost('capture.rows', { capture, lane, from, to, ...filtered }),
      () => setCame({ rows: mine.rows, held: mine.held, problem: null, filter }),
      (error) => {
        const badPattern = error instanceof Refusal && error.code === 'bad-pattern';
        if (badPattern) useView.getState().setFilterProblem(error.message);
        else setCame((before) => ({ ...before, problem: problemOf(error), filter }));
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
  const current = came.filter === filter;
  return { ...came, current, problem: current ? came.problem : null, want, retry };
}
