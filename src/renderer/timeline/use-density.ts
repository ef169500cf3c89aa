import { useEffect, useRef, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { Density } from '../../contract/lane.ts';
import { callHost, problemOf } from '../state/host.ts';
import type { Span } from '../state/view.ts';
import { LatestRequest } from './latest-request.ts';

interface Wish {
  readonly capture: CaptureId;
  readonly span: Span;
  readonly width: number;
  readonly version: string;
}

export interface DensityState {
  /** The newest picture of the capture: of another span while the one for this span is under way. */
  readonly density: Density | null;
  readonly problem: string | null;
}

const nothing: DensityState = { density: null, problem: null };

/**
 * Counts per pixel of `span` of one capture (another one needs another timeline), asked again whenever one of the arguments changes.
 *
 * @param width slices wanted, 0 for none yet
 * @param version changes whenever the capture has more to show
 */
export function useDensity(capture: CaptureId, span: Span, width: number, version: string): DensityState {
  const [state, setState] = useState<DensityState>(nothing);
  const feed = useRef<LatestRequest<Wish, Density> | null>(null);

  useEffect(() => {
    const request = new LatestRequest<Wish, Density>(
      (wish) =>
        callHost('capture.density', {
          capture: wish.capture,
          ...wish.span,
          width: Math.min(8192, wish.width),
        }),
      (_, outcome) =>
        setState((before) =>
          outcome.status === 'fulfilled'
            ? { density: outcome.value, problem: null }
            : { density: before.density, problem: problemOf(outcome.reason) },
        ),
    );
    feed.current = request;
    return () => request.close();
  }, []);

  const { from, to } = span;
  useEffect(() => {
    if (width < 1 || !(to > from)) return;
    feed.current?.want({ capture, span: { from, to }, width, version });
  }, [capture, from, to, width, version]);

  return state;
}
