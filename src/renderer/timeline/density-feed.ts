import type { CaptureId } from '../../contract/capture-id.ts';
import type { Density } from '../../contract/lane.ts';
import { callHost, problemOf } from '../state/host.ts';
import type { Span } from '../state/view.ts';
import { LatestRequest } from './latest-request.ts';

/** What is to be drawn. */
export interface WantedDensity {
  readonly capture: CaptureId;
  readonly span: Span;
  /** Slices. */
  readonly width: number;
  /** See `contentVersion`: asked again whenever it changes. */
  readonly version: string;
}

export interface DensityState {
  /** The newest picture of the capture: of another span while the one for this span is under way. */
  readonly density: Density | null;
  readonly problem: string | null;
}

/** Keeps the counts per slice of one capture as new as what is wanted. */
export class DensityFeed {
  readonly #request: LatestRequest<WantedDensity, Density>;
  #state: DensityState = { density: null, problem: null };

  constructor(onChange: (state: DensityState) => void) {
    this.#request = new LatestRequest(
      ({ capture, span, width }) =>
        callHost('capture.density', { capture, ...span, width: Math.min(8192, width) }),
      (_, outcome) => {
        this.#state =
          outcome.status === 'fulfilled'
            ? { density: outcome.value, problem: null }
            : { density: this.#state.density, problem: problemOf(outcome.reason) };
        onChange(this.#state);
      },
    );
  }

  want(wanted: WantedDensity): void {
    this.#request.want(wanted);
  }

  /** No more changes from here on. */
  close(): void {
    this.#request.close();
  }
}
