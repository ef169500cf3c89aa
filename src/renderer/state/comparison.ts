import { create } from 'zustand';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ComparisonView } from '../../contract/comparison.ts';
import { useCaptures } from './captures.ts';
import type { HostQuery } from './host-queries.ts';
import { callHost } from './host.ts';
import { useLabLog } from './lab-log.ts';
import { useLadder } from './ladder.ts';
import { useHostQuery, type QueryState } from './use-host-query.ts';
import type { Span } from './view.ts';

export interface ComparisonState {
  /** The captures that the middle compares; null if it shows something else. */
  readonly shown: { readonly a: CaptureId; readonly b: CaptureId } | null;
  /** Counts comparisons: comparing again may find more, as captures grow. */
  readonly times: number;
  /** The selected row of its table. */
  readonly row: number | null;
  /** The part of the axis that is shown; null for all of it. */
  readonly span: Span | null;
  /** Compares two captures, as far as they have been received. */
  readonly compare: (a: CaptureId, b: CaptureId) => void;
  readonly swap: () => void;
  readonly again: () => void;
  readonly select: (row: number | null) => void;
  readonly setSpan: (span: Span | null) => void;
  readonly close: () => void;
}

const nothing = { shown: null, row: null, span: null } as const;

/** The comparison of two captures in the middle of the window. */
export const useComparison = create<ComparisonState>()((set, get) => ({
  ...nothing,
  times: 0,

  compare: (a, b) => {
    useLadder.getState().show(null);
    useLabLog.getState().show(false);
    set(({ times }) => ({ ...nothing, shown: { a, b }, times: times + 1 }));
  },
  swap: () => {
    const { shown, compare } = get();
    if (shown !== null) compare(shown.b, shown.a);
  },
  again: () => set(({ times }) => ({ times: times + 1, row: null, span: null })),
  select: (row) => set({ row }),
  setSpan: (span) => set({ span }),
  close: () => set(nothing),
}));

const comparisonQuery: HostQuery<
  { readonly a: CaptureId; readonly b: CaptureId; readonly times: number },
  ComparisonView
> = {
  ask: ({ a, b }) => callHost('captures.compare', { a, b }),
  scope: ({ a, b }) => `${a} ${b}`,
};

/** The result of the comparison in the middle. */
export function useComparisonView(): QueryState<ComparisonView> {
  const shown = useComparison((state) => state.shown);
  const times = useComparison((state) => state.times);
  return useHostQuery(comparisonQuery, shown === null ? null : { params: { ...shown, times } });
}

// The middle shows one thing: a capture, a rung or the log replaces the comparison.
useCaptures.subscribe((now, before) => {
  const { shown, close } = useComparison.getState();
  if (shown === null) return;
  const isGone = !now.byId.has(shown.a) || !now.byId.has(shown.b);
  if (now.shows !== before.shows || (isGone && now.byId !== before.byId)) close();
});
useLadder.subscribe((now, before) => {
  if (now.shown !== before.shown && now.shown !== null) useComparison.getState().close();
});
useLabLog.subscribe((now, before) => {
  if (now.shown && !before.shown) useComparison.getState().close();
});
