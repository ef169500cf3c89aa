import { create } from 'zustand';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { filterWords } from '../../contract/filter-words.ts';
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

/** What is marked in the exchange: a header field of the response, or a yield of the lab's server. */
export type ExchangeMark =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'yield'; readonly n: number };

/** What the filter bar holds: text and words such as `gap>500ms`, see `filterWords`, with its switches. */
export interface FilterText {
  readonly text?: string;
  readonly pattern?: boolean;
  readonly caseSensitive?: boolean;
}

/** How far the host has searched with the table's filter. */
export interface Matches {
  readonly total: number;
  readonly searched: boolean;
}

export interface ViewState {
  /** The part of the time axis that is shown; null for all of it, which grows while a stream runs. */
  readonly span: Span | null;
  /** The table stays at the newest row, from the beginning of a stream until the user scrolls or selects. */
  readonly follow: boolean;
  /** Row counts when following ended: later rows are new. Null while following. */
  readonly leftAt: CaptureSummary['rows'] | null;
  readonly tab: Tab;
  /** The filter that the table uses. */
  readonly filter: Filter;
  /** The text that `filter` was typed as. */
  readonly applied: FilterText;
  /** Text in the filter bar that the table does not use yet: it is still being typed, or is invalid. */
  readonly typed: FilterText | null;
  /** Null without a filter. */
  readonly matches: Matches | null;
  /** Why the filter cannot be used: its pattern or a limit in it is invalid. */
  readonly filterProblem: string | null;
  /** What is highlighted in the exchange; null for nothing. */
  readonly marked: ExchangeMark | null;
  readonly setSpan: (span: Span | null) => void;
  readonly setFollow: (follow: boolean) => void;
  readonly setTab: (tab: Tab) => void;
  /** Shows the exchange with something highlighted. */
  readonly mark: (marked: ExchangeMark) => void;
  /** Changes the filter except its text; text being typed stays. */
  readonly setFilter: (changes: Pick<Filter, 'types' | 'kinds' | 'states'>) => void;
  /** Changes the text in the filter bar; `applyTyped` makes the table use it. */
  readonly type: (changes: FilterText) => void;
  /** Makes the table use the typed text. Invalid text stays in the filter bar, and `filterProblem` says why. */
  readonly applyTyped: () => void;
  readonly clearFilter: () => void;
  readonly setMatches: (matches: Matches | null) => void;
  readonly setFilterProblem: (problem: string | null) => void;
}

const noWords: FilterText = { text: '', pattern: false, caseSensitive: false };

const ofNewCapture = {
  span: null,
  follow: false,
  leftAt: null,
  filter: {},
  applied: noWords,
  typed: null,
  matches: null,
  filterProblem: null,
  marked: null,
} as const;

/** What is shown of the current capture. Another capture resets everything except the tab. */
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
      const { text: written = '', pattern = false, caseSensitive = false } = typed;
      const words = filterWords(written);
      if (words.kind === 'invalid') return { typed, filterProblem: words.reason };
      const compiled = pattern ? compilePattern(words.text, caseSensitive) : null;
      if (compiled?.kind === 'invalid') return { typed, filterProblem: compiled.reason };
      const { text, bounds } = words;
      return {
        filter: {
          ...withoutWords(state.filter),
          text,
          pattern,
          caseSensitive,
          ...(bounds.length === 0 ? {} : { bounds: [...bounds] }),
        },
        applied: typed,
        typed: null,
        matches: null,
        filterProblem: null,
      };
    }),
  clearFilter: () => set({ filter: {}, applied: noWords, typed: null, matches: null, filterProblem: null }),
  setMatches: (matches) => set({ matches }),
  setFilterProblem: (filterProblem) => set({ filterProblem }),
}));

useCaptures.subscribe((now, before) => {
  if (now.current === before.current) return;
  const summary = currentSummary(now);
  // A capture that has just begun may have no summary yet.
  useView.setState({
    ...ofNewCapture,
    follow: now.current !== null && (summary === null || isLive(summary)),
  });
});

/** What the filter bar shows. */
export function filterText({ applied, typed }: Pick<ViewState, 'applied' | 'typed'>): FilterText {
  return typed ?? applied;
}

/** A filter without what is typed. */
function withoutWords({ types, kinds, states }: Filter): Filter {
  return {
    ...(types === undefined ? {} : { types }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(states === undefined ? {} : { states }),
  };
}
