import type { CaptureId } from '../../contract/capture-id.ts';
import type { EvidencePoint } from '../../contract/ladder.ts';
import { assertNever } from '../../core/assert-never.ts';
import { showBytes } from '../state/show-record.ts';
import { showEvent } from '../state/show-record.ts';
import { useCaptures } from '../state/captures.ts';
import { useSelection } from '../state/selection.ts';
import { useView } from '../state/view.ts';

/** The label of a piece of evidence. */
export function pointWords(point: EvidencePoint): string {
  switch (point.kind) {
    case 'header':
      return `header ${point.name}`;
    case 'yield':
      return `yield ${point.n}`;
    case 'chunk':
      return `chunk ${point.index}`;
    case 'event':
      return `event ${point.seq}`;
    case 'document':
      return `JSON ${point.index}`;
    case 'bytes':
      return `bytes ${point.start}–${point.end}`;
    default:
      return assertNever(point);
  }
}

/** Shows the capture of a piece of evidence and selects the record that it refers to. */
export async function showPoint(capture: CaptureId, point: EvidencePoint): Promise<void> {
  useCaptures.getState().show(capture);
  const { select } = useSelection.getState();
  switch (point.kind) {
    case 'header':
    case 'yield':
      useView.getState().mark(point);
      return;
    case 'chunk':
      return select('chunks', point.index);
    case 'event':
      return showEvent(capture, point.seq);
    case 'document':
      return select('documents', point.index);
    case 'bytes':
      return showBytes(capture, point.start, point.end);
    default:
      assertNever(point);
  }
}
