import type { CaptureId } from '../../contract/capture-id.ts';
import { useCaptures } from '../state/captures.ts';
import { callHost, notifyProblem } from '../state/host.ts';
import { pickRow } from '../timeline/step-selection.ts';

/** Selects a dispatched event of the shown capture. Its row is not its number where there are comments. */
export async function showEvent(capture: CaptureId, seq: number): Promise<void> {
  try {
    const { row } = await callHost('capture.eventRow', { capture, seq });
    // The user may have gone elsewhere meanwhile.
    if (useCaptures.getState().current === capture) pickRow('events', row);
  } catch (error) {
    notifyProblem(error);
  }
}
