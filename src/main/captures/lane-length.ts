import type { Lane } from '../../contract/lane.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';

/** Rows of a lane, as far as the capture has come. */
export function laneLength(index: CaptureIndex, lane: Lane): number {
  switch (lane) {
    case 'chunks':
      return index.chunks;
    case 'events':
      return index.blocks;
    case 'json':
      return index.documents;
    default:
      return assertNever(lane);
  }
}
