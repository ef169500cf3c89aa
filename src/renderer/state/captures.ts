import { create } from 'zustand';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { callHost, problemOf } from './host.ts';

export interface CapturesState {
  readonly byId: ReadonlyMap<CaptureId, CaptureSummary>;
  /** Newest first. */
  readonly order: readonly CaptureId[];
  /** The capture that the panes show. */
  readonly current: CaptureId | null;
  /** Counts calls of `show`, also for the capture that is already current. */
  readonly shows: number;
  /** False until the host's list was read once. */
  readonly listed: boolean;
  /** Why the host's list could not be read; null if it could. */
  readonly listProblem: string | null;
  /** Why the current capture could not be opened; null if it could. */
  readonly openProblem: string | null;
  /** Adds new summaries and replaces changed ones. */
  readonly merge: (changed: readonly CaptureSummary[]) => void;
  readonly remove: (ids: readonly CaptureId[]) => void;
  /** Reads the host's whole list. Never rejects: see `listProblem`. */
  readonly list: () => Promise<void>;
  /** Shows a capture in the panes; a stored one is loaded. */
  readonly show: (id: CaptureId) => void;
  readonly rename: (id: CaptureId, name: string) => Promise<void>;
  readonly delete: (id: CaptureId) => Promise<void>;
}

/** The newest summary of every capture of the host: counts and rates, never content. */
export const useCaptures = create<CapturesState>()((set, get) => ({
  byId: new Map(),
  order: [],
  current: null,
  shows: 0,
  listed: false,
  listProblem: null,
  openProblem: null,

  merge: (changed) =>
    set(({ byId, order }) => {
      const merged = new Map(byId);
      const added = changed.filter((summary) => !byId.has(summary.id));
      for (const summary of changed) {
        if ((byId.get(summary.id)?.revision ?? 0) <= summary.revision) merged.set(summary.id, summary);
      }
      return { byId: merged, order: added.length === 0 ? order : newestFirst(merged) };
    }),

  remove: (ids) =>
    set(({ byId, order, current }) => {
      const gone = new Set(ids);
      const kept = new Map([...byId].filter(([id]) => !gone.has(id)));
      const next = current !== null && gone.has(current) ? neighbour(order, current, gone) : current;
      if (next !== null && next !== current) queueMicrotask(() => get().show(next));
      return {
        byId: kept,
        order: order.filter((id) => !gone.has(id)),
        current: next === current ? current : null,
      };
    }),

  list: async () => {
    try {
      const summaries = await callHost('captures.list', {});
      set({ ...takeList(summaries, get()), listed: true, listProblem: null });
    } catch (error) {
      set({ listProblem: problemOf(error) });
    }
  },

  show: (id) => {
    set({ shows: get().shows + 1 });
    if (get().current === id && get().openProblem === null) return;
    set({ current: id, openProblem: null });
    const phase = get().byId.get(id)?.phase;
    if (phase !== undefined && phase !== 'stored') return;
    callHost('captures.open', { capture: id }).then(
      (summary) => get().merge([summary]),
      (error: unknown) => (get().current === id ? set({ openProblem: problemOf(error) }) : undefined),
    );
  },

  rename: async (id, name) => {
    await callHost('captures.rename', { capture: id, name });
  },

  delete: async (id) => {
    await callHost('captures.delete', { capture: id });
    // The host reports this too, but the list should not wait for it.
    get().remove([id]);
  },
}));

/** The summary of the capture that the panes show. */
export function currentSummary(state: CapturesState): CaptureSummary | null {
  return state.current === null ? null : (state.byId.get(state.current) ?? null);
}

/** Whether more bytes may arrive. */
export function isLive(summary: CaptureSummary): boolean {
  return summary.phase === 'connecting' || summary.phase === 'streaming';
}

/**
 * Changes whenever the host may answer a question about a capture's content differently. Counts and phase alone are not
 * enough: the host closes captures that are not used for a while. While it loads one again, it answers from the part read so
 * far, although the summary already counts the whole capture. When loading ends, the summary gets a new revision.
 */
export function contentVersion(summary: CaptureSummary): string {
  const { phase, revision, rows } = summary;
  return isLive(summary)
    ? `${phase} ${rows.chunks} ${rows.blocks} ${rows.documents}`
    : `${phase} ${revision}`;
}

/** The entries of `map` whose captures exist; `map` itself if that is all of them. */
export function ofKnownCaptures<V>(
  map: ReadonlyMap<CaptureId, V>,
  { byId }: Pick<CapturesState, 'byId'>,
): ReadonlyMap<CaptureId, V> {
  const kept = [...map].filter(([id]) => byId.has(id));
  return kept.length === map.size ? map : new Map(kept);
}

/** Captures missing from the host's list were deleted. A summary that was pushed during the request may be newer. */
function takeList(
  summaries: readonly CaptureSummary[],
  known: Pick<CapturesState, 'byId' | 'current'>,
): Partial<CapturesState> {
  const byId = new Map<CaptureId, CaptureSummary>();
  for (const listed of summaries) {
    const pushed = known.byId.get(listed.id);
    byId.set(listed.id, pushed !== undefined && pushed.revision > listed.revision ? pushed : listed);
  }
  const current = known.current !== null && byId.has(known.current) ? known.current : null;
  return { byId, order: newestFirst(byId), current };
}

function newestFirst(byId: ReadonlyMap<CaptureId, CaptureSummary>): CaptureId[] {
  return [...byId.values()]
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0))
    .map((summary) => summary.id);
}

/** What to show when `current` is deleted: the capture below it in the list, else the one above. */
function neighbour(
  order: readonly CaptureId[],
  current: CaptureId,
  gone: ReadonlySet<CaptureId>,
): CaptureId | null {
  const at = order.indexOf(current);
  const below = order.slice(at + 1).find((id) => !gone.has(id));
  return below ?? order.slice(0, at).findLast((id) => !gone.has(id)) ?? null;
}
