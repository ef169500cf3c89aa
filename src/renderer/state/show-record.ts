import type { CaptureId } from '../../contract/capture-id.ts';
import { useCaptures } from './captures.ts';
import { callHost, notifyProblem } from './host.ts';
import { pickRow } from './selection.ts';

/** Selects a dispatched event of the current capture. Its row differs from its number if there are comments. */
export async function showEvent(capture: CaptureId, seq: number): Promise<void> {
  try {
    const { row } = await callHost('capture.eventRow', { capture, seq });
    // The user may have chosen another capture meanwhile.
    if (useCaptures.getState().current === capture) pickRow('blocks', row);
  } catch (error) {
    notifyProblem(error);
  }
}

/** Selects what holds bytes [start, end) of the current capture, one event or else the first chunk, and highlights them. */
export async function showBytes(capture: CaptureId, start: number, end: number): Promise<void> {
  try {
    const { blocks, chunks } = await callHost('capture.rowsOf', { capture, start, end });
    if (useCaptures.getState().current !== capture) return;
    const isOneEvent = blocks !== null && blocks[0] === blocks[1];
    const row = isOneEvent ? blocks[0] : chunks?.[0];
    if (row !== undefined) pickRow(isOneEvent ? 'blocks' : 'chunks', row, { bytes: { start, end } });
  } catch (error) {
    notifyProblem(error);
  }
}
