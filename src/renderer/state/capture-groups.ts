import { useMemo } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { type CapturesState, useCaptures } from './captures.ts';

/** The captures in two groups, each newest first. */
export interface CaptureGroups {
  /** What the user connected to or opened. */
  readonly own: readonly CaptureId[];
  /** The runs of the ladder: a dozen per run. */
  readonly ofLadder: readonly CaptureId[];
}

/** Divides captures by where they came from, which never changes. */
export function captureGroups({ order, byId }: Pick<CapturesState, 'order' | 'byId'>): CaptureGroups {
  const isOfLadder = (id: CaptureId): boolean => byId.get(id)?.origin === 'ladder';
  return { own: order.filter((id) => !isOfLadder(id)), ofLadder: order.filter(isOfLadder) };
}

/** The captures in two groups, computed again when captures are added or removed. */
export function useCaptureGroups(): CaptureGroups {
  const order = useCaptures((state) => state.order);
  return useMemo(() => captureGroups({ order, byId: useCaptures.getState().byId }), [order]);
}
