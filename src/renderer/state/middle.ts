import { useComparison } from './comparison.ts';
import { useLabLog } from './lab-log.ts';
import { useLadder } from './ladder.ts';

/** What the middle of the window shows. `capture` is the current capture, or the welcome page if there is none. */
export type MiddleView = 'comparison' | 'lab-log' | 'rung' | 'capture';

export function useMiddleView(): MiddleView {
  const isComparing = useComparison((state) => state.shown !== null);
  const isLogShown = useLabLog((state) => state.shown);
  const isRungShown = useLadder((state) => state.shown !== null);
  return isComparing ? 'comparison' : isLogShown ? 'lab-log' : isRungShown ? 'rung' : 'capture';
}
