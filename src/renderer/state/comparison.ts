import { create } from 'zustand';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ComparisonView } from '../../contract/comparison.ts';
import { useCaptures } from './captures.ts';
import { callHost, problemOf } from './host.ts';
import { useLabLog } from './lab-log.ts';
import { useLadder } from './ladder.ts';
import type { Span } from './view.ts';

export interface ComparisonState {
  /** What the middle compares; null where it shows something else. */
  readonly shown: { readonly a: CaptureId; readonly b: CaptureId } | null;
  /** Null until the host has answered. */
  readonly view: ComparisonView | null;
  readonly problem: string | null;
  /** The selected row of its table. */
  readonly row: number | null;
  /** The part of the axis in sight; null for all of it. */
  readonly span: Span | null;
  /** Compares two captures, as far as they have come now. */
  readonly compare: (a: CaptureId, b: CaptureId) => void;
  readonly swap: () => void;
  readonly again: () => void;
  readonly select: (row: number | null) => void;
  readonly setSpan: (span: Span | null) => void;
  readonly close: () => void;
}

const nothing = { shown: null, view: null, problem: null, row: null, span: null } as const;

/** Numbers the questions, so that an answer that was overtaken is dropped. */
let newest = 0;

/** Two captures against each other, in the middle of the window. */
export const useComparison = create<ComparisonState>()((set, get) => ({
  ...nothing,

  compare: (a, b) => {
    useLadder.getState().show(null);
    useLabLog.getState().show(false);
    set({ ...nothing, shown: { a, b } });
    void ask(a, b);
  },
  swap: () => {
    const { shown, compare } = get();
    if (shown !== null) compare(shown.b, shown.a);
  },
  again: () => {
    const { shown } = get();
    if (shown === null) return;
    set({ problem: null });
    void ask(shown.a, shown.b);
  },
  select: (row) => set({ row }),
  setSpan: (span) => set({ span }),
  close: () => {
    newest += 1;
    set(nothing);
  },
}));

async function ask(a: CaptureId, b: CaptureId): Promise<void> {
  newest += 1;
  const mine = newest;
  try {
    const view = await callHost('captures.compare', { a, b });
    if (mine === newest) useComparison.setState({ view, problem: null, row: null, span: null });
  } catch (error) {
    if (mine === newest) useComparison.setState({ view: null, problem: problemOf(error) });
  }
}

// The middle shows one thing: who asks for a capture, a rung or the log wants to see that.
useCaptures.subscribe((now, before) => {
  const { shown, close } = useComparison.getState();
  if (shown === null) return;
  const isGone = !now.byId.has(shown.a) || !now.byId.has(shown.b);
  if (now.asked !== before.asked || (isGone && now.byId !== before.byId)) close();
});
useLadder.subscribe((now, before) => {
  if (now.shown !== before.shown && now.shown !== null) useComparison.getState().close();
});
useLabLog.subscribe((now, before) => {
  if (now.shown && !before.shown) useComparison.getState().close();
});
