import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { HostEvent } from '../../contract/host-event.ts';

/** One frame of a 60 Hz screen, ms. */
const FRAME_MS = 16;

/**
 * Combines the changes of captures into one event per frame with the newest summaries. A frame costs one summary per changed
 * capture, at any speed of the streams.
 */
export class PushBatcher {
  readonly #changed = new Set<CaptureId>();
  readonly #summaryOf: (id: CaptureId) => CaptureSummary | null;
  readonly #push: (event: HostEvent) => void;
  #timer: NodeJS.Timeout | null = null;

  /** @param summaryOf null for a capture that was deleted */
  constructor(summaryOf: (id: CaptureId) => CaptureSummary | null, push: (event: HostEvent) => void) {
    this.#summaryOf = summaryOf;
    this.#push = push;
  }

  mark(id: CaptureId): void {
    this.#changed.add(id);
    this.#timer ??= setTimeout(() => this.flush(), FRAME_MS);
  }

  /** Sends what is pending now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const changed: CaptureSummary[] = [];
    for (const id of this.#changed) {
      const summary = this.#summaryOf(id);
      if (summary !== null) changed.push(summary);
    }
    this.#changed.clear();
    if (changed.length > 0) this.#push({ kind: 'captures', changed });
  }
}
