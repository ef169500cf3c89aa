import { create } from 'zustand';
import { useShallow } from 'zustand/shallow';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ItemDetail } from '../../contract/item.ts';
import type { Lane, RowSpan } from '../../contract/lane.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import { useCaptures } from './captures.ts';
import type { HostQuery } from './host-queries.ts';
import { callHost } from './host.ts';
import { answerOf, useHostQuery, type QueryState } from './use-host-query.ts';
import { useView } from './view.ts';

export interface SelectionState {
  /** Lane of the selected row; without a selection, the lane last shown. */
  readonly lane: Lane;
  /** The selected row's number in its lane; null for none. */
  readonly row: number | null;
  /** Counts selections: selecting a row again reads its detail again. */
  readonly selections: number;
  /** Bytes of the body to highlight: the field or JSON value under the pointer; null for none. */
  readonly highlightedBytes: ByteRange | null;
  /** The bytes that the row was selected for: highlighted while the pointer is on nothing else. */
  readonly selectedBytes: ByteRange | null;
  /** Selects a row, and shows its lane in the table unless `keepTab`. */
  readonly select: (
    lane: Lane,
    row: number,
    options?: { readonly keepTab?: boolean; readonly bytes?: ByteRange },
  ) => void;
  readonly clear: () => void;
  readonly highlightBytes: (range: ByteRange | null) => void;
  /** Shows the rows of a lane. The selection stays, and related rows of the lane are highlighted. */
  readonly showLane: (lane: Lane) => void;
}

/** The selected row of the current capture, and what is highlighted in it. */
export const useSelection = create<SelectionState>()((set) => ({
  lane: 'blocks',
  row: null,
  selections: 0,
  highlightedBytes: null,
  selectedBytes: null,

  select: (lane, row, options) => {
    if (useCaptures.getState().current === null) return;
    set(({ selections }) => ({
      lane,
      row,
      selections: selections + 1,
      highlightedBytes: null,
      selectedBytes: options?.bytes ?? null,
    }));
    if (options?.keepTab !== true) useView.getState().setTab(lane);
  },

  clear: () => set({ row: null, highlightedBytes: null, selectedBytes: null }),

  highlightBytes: (range) => set({ highlightedBytes: range }),

  showLane: (lane) => {
    set((state) => (state.row === null ? { lane } : {}));
    useView.getState().setTab(lane);
  },
}));

useCaptures.subscribe((now, before) => {
  if (now.current !== before.current) useSelection.getState().clear();
});

/** Selects a row at the user's request, and stops following the newest row. */
export function pickRow(lane: Lane, row: number, options?: { readonly bytes?: ByteRange }): void {
  useView.getState().setFollow(false);
  useSelection.getState().select(lane, row, options);
}

const detailQuery: HostQuery<
  { readonly capture: CaptureId; readonly lane: Lane; readonly row: number },
  ItemDetail
> = {
  ask: (params) => callHost('capture.detail', params),
  scope: ({ capture }) => capture,
};

/** The detail of the selected row; that of the previously selected row until the host has answered. */
export function useSelectedDetail(): QueryState<ItemDetail> {
  const capture = useCaptures((state) => state.current);
  const { lane, row, selections } = useSelection(
    useShallow(({ lane, row, selections }) => ({ lane, row, selections })),
  );
  return useHostQuery(
    detailQuery,
    capture === null || row === null
      ? null
      : { params: { capture, lane, row }, revision: String(selections) },
  );
}

/** Rows of `lane` to highlight for the current selection, see `highlightedRows`. */
export function useHighlightedRows(lane: Lane): RowSpan | null {
  const selection = useSelection(useShallow(({ lane, row }) => ({ lane, row })));
  const detail = answerOf(useSelectedDetail());
  return highlightedRows(selection, detail, lane);
}

/** Rows of `lane` to highlight for a selection: the row itself in its own lane, related rows in other lanes. */
export function highlightedRows(
  selection: Pick<SelectionState, 'lane' | 'row'>,
  detail: ItemDetail | null,
  lane: Lane,
): RowSpan | null {
  if (selection.row === null) return null;
  if (selection.lane === lane) return [selection.row, selection.row];
  if (detail === null || detail.lane !== selection.lane || detail.row !== selection.row) return null;
  return detail.related[lane];
}
