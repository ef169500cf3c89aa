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
  /** Lane of the selected row; where none is selected, the lane last shown. */
  readonly lane: Lane;
  /** The selected row's number in its lane; null for none. */
  readonly row: number | null;
  /** Grows with each selection, also of the row that is selected: its detail is read again. */
  readonly selections: number;
  /** Bytes of the body that are pointed at (a field, a JSON value); null for none. */
  readonly highlightedBytes: ByteRange | null;
  /** Bytes of the selected row that it was selected for: they stay lit while nothing else is pointed at. */
  readonly selectedBytes: ByteRange | null;
  /** Selects a row, and brings its lane into the table unless another tab is to stay. */
  readonly select: (
    lane: Lane,
    row: number,
    options?: { readonly keepTab?: boolean; readonly bytes?: ByteRange },
  ) => void;
  readonly clear: () => void;
  readonly highlightBytes: (range: ByteRange | null) => void;
  /** Shows the rows of a lane; the selection stays, so that the rows related to it light up there. */
  readonly showLane: (lane: Lane) => void;
}

/** The one selected row of the current capture, and what is lit because of it. */
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

/** Selects a row because the user asked for that very one: the table no longer runs after the newest. */
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

/** The detail of the selected row; that of the row before it until the host has answered. */
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

/** Rows of `lane` to light up for the selection, see `highlightedRows`. */
export function useHighlightedRows(lane: Lane): RowSpan | null {
  const selection = useSelection(useShallow(({ lane, row }) => ({ lane, row })));
  const detail = answerOf(useSelectedDetail());
  return highlightedRows(selection, detail, lane);
}

/** Rows of `lane` to light up for a selection: the row itself in its own lane, the related ones in the others. */
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
