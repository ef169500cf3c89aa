import { useEffect, useRef, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { Filter, Lane, RowsWindow } from '../../contract/lane.ts';
import { Refusal } from '../../contract/refusal.ts';
import { callHost, problemOf } from '../state/host.ts';
import { isFiltering, useView } from '../state/view.ts';
import { RowWindow, type Wanted } from './row-window.ts';

interface HeldRows {
  /** Rows of the filter asked for; those of the filter before it until the first have come. */
  readonly rows: RowsWindow | null;
  /** False while `rows` are those of the filter before. */
  readonly current: boolean;
  /** Why rows cannot be had; a pattern that is none is told to the filter instead. */
  readonly problem: string | null;
  readonly want: (wanted: Wanted) => void;
  readonly retry: () => void;
}

/** The rows of a lane that are in sight, from the host. */
export function useRowWindow(capture: CaptureId, lane: Lane, filter: Filter): HeldRows {
  const [attempt, setAttempt] = useState(0);
  const [held, setHeld] = useState<Omit<HeldRows, 'want' | 'retry'>>({
    rows: null,
    current: false,
    problem: null,
  });
  const rowWindow = useRef<RowWindow | null>(null);
  const wanted = useRef<Wanted | null>(null);

  useEffect(() => {
    const filtered = isFiltering(filter) ? { filter } : {};
    const mine: RowWindow = new RowWindow(
      (from, to) => callHost('capture.rows', { capture, lane, from, to, ...filtered }),
      () => setHeld({ rows: mine.rows, current: true, problem: null }),
      (error) => {
        const badPattern = error instanceof Refusal && error.code === 'bad-pattern';
        if (badPattern) useView.getState().setFilterProblem(error.message);
        else setHeld((before) => ({ ...before, problem: problemOf(error) }));
      },
    );
    rowWindow.current = mine;
    setHeld((before) => ({ ...before, current: false, problem: null }));
    if (wanted.current !== null) mine.want(wanted.current);
    return () => mine.close();
  }, [capture, lane, filter, attempt]);

  const want = (next: Wanted): void => {
    wanted.current = next;
    rowWindow.current?.want(next);
  };
  return { ...held, want, retry: () => setAttempt(attempt + 1) };
}
