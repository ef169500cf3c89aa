import { useEffect, useRef, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { Span } from '../state/view.ts';
import { DensityFeed, type DensityState } from './density-feed.ts';

/**
 * Counts per pixel of `span` of one capture (another one needs another timeline), asked again whenever one of the arguments changes.
 *
 * @param width slices wanted, 0 for none yet
 * @param version changes whenever the capture has more to show
 */
export function useDensity(capture: CaptureId, span: Span, width: number, version: string): DensityState {
  const [state, setState] = useState<DensityState>({ density: null, problem: null });
  const feed = useRef<DensityFeed | null>(null);

  useEffect(() => {
    const mine = new DensityFeed(setState);
    feed.current = mine;
    return () => mine.close();
  }, []);

  const { from, to } = span;
  useEffect(() => {
    if (width < 1 || !(to > from)) return;
    feed.current?.want({ capture, span: { from, to }, width, version });
  }, [capture, from, to, width, version]);

  return state;
}
