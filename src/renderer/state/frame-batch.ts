/** When to run things: real frames and timers in a window, simulated ones in tests. */
export interface Clock {
  requestFrame(run: () => void): void;
  /** Runs after `ms`, independent of frames. */
  delay(run: () => void, ms: number): void;
}

/** Frames of the window. A hidden or busy window gets none, so `FrameBatch` also uses a timer. */
export const windowClock: Clock = {
  requestFrame: (run) => requestAnimationFrame(run),
  delay: (run, ms) => setTimeout(run, ms),
};

/** Maximum time that an update waits for a frame, in ms. */
const patience = 100;

/**
 * Collects updates so that at most one batch is applied per frame. The first update after a frame without updates is
 * applied at once; later ones wait for the next frame. A slow frame makes a bigger batch instead of more work.
 */
export class FrameBatch<T> {
  readonly #apply: (updates: readonly T[]) => void;
  readonly #clock: Clock;
  #waiting: T[] = [];
  /** True from a batch until the frame after it. */
  #closed = false;

  constructor(apply: (updates: readonly T[]) => void, clock: Clock = windowClock) {
    this.#apply = apply;
    this.#clock = clock;
  }

  push(update: T): void {
    this.#waiting.push(update);
    if (!this.#closed) this.flush();
  }

  /** Applies the collected updates now. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const updates = this.#waiting;
    this.#waiting = [];
    if (!this.#closed) this.#close();
    this.#apply(updates);
  }

  #close(): void {
    this.#closed = true;
    let opened = false;
    const open = (): void => {
      if (opened) return;
      opened = true;
      this.#closed = false;
      this.flush();
    };
    this.#clock.requestFrame(open);
    this.#clock.delay(open, patience);
  }
}
