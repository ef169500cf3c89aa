import type { CaptureId } from '../../contract/capture-id.ts';
import { useCaptures } from '../state/captures.ts';
import { callHost, notifyProblem } from '../state/host.ts';
import { useSelection } from '../state/selection.ts';
import { useView } from '../state/view.ts';

/** Selects what holds bytes [start, end) of the shown capture, one event or else the first chunk, and lights them in it. */
export async function showBytes(capture: CaptureId, start: number, end: number): Promise<void> {
  try {
    const { events, chunks } = await callHost('capture.rowsOf', { capture, start, end });
    // Somebody may have gone elsewhere meanwhile.
    if (useCaptures.getState().current !== capture) return;
    const isOneEvent = events !== null && events[0] === events[1];
    const row = isOneEvent ? events[0] : chunks?.[0];
    if (row === undefined) return;
    useView.getState().setFollow(false);
    useSelection.getState().select(isOneEvent ? 'events' : 'chunks', row, { bytes: { start, end } });
  } catch (error) {
    notifyProblem(error);
  }
}
