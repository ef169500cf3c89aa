import { create } from 'zustand';
import type { ItemDetail } from '../../contract/item.ts';
import type { Lane, RowSpan } from '../../contract/lane.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import { useCaptures } from './captures.ts';
import { callHost, notifyProblem } from './host.ts';
import { useView } from './view.ts';

export interface SelectionState {
  /** Lane of the selected row; where none is selected, the lane last shown. */
  readonly lane: Lane;
  /** The selected row's number in its lane; null for none. */
  readonly row: number | null;
  /** What is known of the selected row; that of the row before it until the host has answered. */
  readonly detail: ItemDetail | null;
  /** Bytes of the body that are pointed at (a field, a JSON value); null for none. */
  readonly highlight: ByteRange | null;
  /** Bytes of the selected row that it was selected for: they stay lit while nothing else is pointed at. */
  readonly meant: ByteRange | null;
  /** Selects a row, brings its lane into the table unless another tab is to stay, and fetches its detail. */
  readonly select: (
    lane: Lane,
    row: number,
    options?: { readonly keepTab?: boolean; readonly bytes?: ByteRange },
  ) => void;
  readonly clear: () => void;
  readonly setHighlight: (range: ByteRange | null) => void;
  /** Shows the rows of a lane; the selection stays, so that the rows related to it light up there. */
  readonly showLane: (lane: Lane) => void;
}

/** Numbers the requests for detail, so that an answer that was overtaken is dropped. */
let newest = 0;

/** The one selected row of the current capture, and what is lit because of it. */
export const useSelection = create<SelectionState>()((set) => ({
  lane: 'events',
  row: null,
  detail: null,
  highlight: null,
  meant: null,

  select: (lane, row, options) => {
    const capture = useCaptures.getState().current;
    if (capture === null) return;
    newest += 1;
    const mine = newest;
    set({ lane, row, highlight: null, meant: options?.bytes ?? null });
    if (options?.keepTab !== true) useView.getState().setTab(lane);
    const fetchDetail = async (): Promise<void> => {
      try {
        const detail = await callHost('capture.detail', { capture, lane, row });
        if (mine === newest) set({ detail });
      } catch (error) {
        if (mine !== newest) return;
        set({ detail: null });
        notifyProblem(error);
      }
    };
    void fetchDetail();
  },

  clear: () => {
    newest += 1;
    set({ row: null, detail: null, highlight: null, meant: null });
  },

  setHighlight: (highlight) => set({ highlight }),

  showLane: (lane) => {
    set((state) => (state.row === null ? { lane } : {}));
    useView.getState().setTab(lane);
  },
}));

useCaptures.subscribe((now, before) => {
  if (now.current !== before.current) useSelection.getState().clear();
});

/** Rows of `lane` to light up for the selection: the row itself in its own lane, the related ones in the others. */
export function litRows(state: Pick<SelectionState, 'lane' | 'row' | 'detail'>, lane: Lane): RowSpan | null {
  if (state.row === null) return null;
  if (state.lane === lane) return [state.row, state.row];
  const { detail } = state;
  if (detail === null || detail.lane !== state.lane || detail.row !== state.row) return null;
  return detail.related[lane];
}
