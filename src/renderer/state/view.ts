import { create } from 'zustand';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Filter, Lane } from '../../contract/lane.ts';
import { compilePattern } from '../../contract/pattern.ts';
import { currentSummary, isLive, useCaptures } from './captures.ts';

/** A span of the time axis: ms since the request began, or bytes of the body where a capture has no times. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What the pane under the timeline shows: the rows of a lane, or something else about the capture. */
export type Tab = Lane | 'message' | 'diagnose' | 'exchange';

/** What of the exchange is pointed at: a header field of the response, or a yield of the lab's server. */
export type ExchangeMark =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'yield'; readonly n: number };

/** The part of a filter that is typed, with its switches. */
export type FilterText = Pick<Filter, 'text' | 'pattern' | 'caseSensitive'>;

/** How far the host got with the filter of the table. */
export interface Matches {
  readonly total: number;
  readonly searched: boolean;
}

export interface ViewState {
  /** The part of the time axis in sight; null for all of it, growing while a stream runs. */
  readonly span: Span | null;
  /** The table stays at the newest row: from the beginning of a stream until the user turns elsewhere. */
  readonly follow: boolean;
  /** Rows that there were when following ended: those after them are news. Null while it goes on. */
  readonly leftAt: CaptureSummary['rows'] | null;
  readonly tab: Tab;
  /** What the table follows. */
  readonly filter: Filter;
  /** What the filter bar shows and the table does not follow: it is still being typed, or is not a pattern. */
  readonly typed: FilterText | null;
  /** Null where nothing is filtered. */
  readonly matches: Matches | null;
  /** Why the filter cannot be used: a pattern that is none. */
  readonly filterProblem: string | null;
  /** Lit in the exchange; null for nothing. */
  readonly marked: ExchangeMark | null;
  readonly setSpan: (span: Span | null) => void;
  readonly setFollow: (follow: boolean) => void;
  readonly setTab: (tab: Tab) => void;
  /** Shows the exchange, with something lit. */
  readonly mark: (marked: ExchangeMark) => void;
  /** Changes the filter, but for its text; what is typed stays. */
  readonly setFilter: (changes: Omit<Filter, keyof FilterText>) => void;
  /** Changes what the filter bar shows: the table follows with `applyTyped`. */
  readonly type: (changes: FilterText) => void;
  /** Makes the table follow what was typed; an invalid pattern stays typed, and `filterProblem` says what is wrong. */
  readonly applyTyped: () => void;
  readonly clearFilter: () => void;
  readonly setMatches: (matches: Matches | null) => void;
  readonly setFilterProblem: (problem: string | null) => void;
}

const ofNewCapture = {
  span: null,
  follow: false,
  leftAt: null,
  filter: {},
  typed: null,
  matches: null,
  filterProblem: null,
  marked: null,
} as const;

/** What is in sight of the current capture. Another capture starts afresh, but for the tab. */
export const useView = create<ViewState>()((set) => ({
  ...ofNewCapture,
  tab: 'blocks',
  setSpan: (span) => set({ span }),
  setFollow: (follow) =>
    set((state) => {
      if (state.follow === follow) return {};
      return { follow, leftAt: follow ? null : (currentSummary(useCaptures.getState())?.rows ?? null) };
    }),
  setTab: (tab) => set({ tab, marked: null }),
  mark: (marked) => set({ tab: 'exchange', marked }),
  setFilter: (changes) =>
    set(({ filter, typed, filterProblem }) => ({
      filter: { ...filter, ...changes },
      matches: null,
      filterProblem: typed === null ? null : filterProblem,
    })),
  type: (changes) => set((state) => ({ typed: { ...filterText(state), ...changes } })),
  applyTyped: () =>
    set((state) => {
      const typed = filterText(state);
      const { text = '', pattern = false, caseSensitive = false } = typed;
      const compiled = pattern ? compilePattern(text, caseSensitive) : null;
      if (compiled?.kind === 'invalid') return { typed, filterProblem: compiled.reason };
      return { filter: { ...state.filter, ...typed }, typed: null, matches: null, filterProblem: null };
    }),
  clearFilter: () => set({ filter: {}, typed: null, matches: null, filterProblem: null }),
  setMatches: (matches) => set({ matches }),
  setFilterProblem: (filterProblem) => set({ filterProblem }),
}));

useCaptures.subscribe((now, before) => {
  if (now.current === before.current) return;
  const summary = currentSummary(now);
  // Of a capture that was only just begun there may be no summary yet.
  useView.setState({
    ...ofNewCapture,
    follow: now.current !== null && (summary === null || isLive(summary)),
  });
});

/** What the filter bar shows. */
export function filterText({ filter, typed }: Pick<ViewState, 'filter' | 'typed'>): FilterText {
  if (typed !== null) return typed;
  const { text = '', pattern = false, caseSensitive = false } = filter;
  return { text, pattern, caseSensitive };
}
