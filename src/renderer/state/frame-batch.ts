/** When to run things: real frames and timers in a window, made-up ones in tests. */
export interface Clock {
  requestFrame(run: () => void): void;
  /** `ms` from now, frames or no frames. */
  delay(run: () => void, ms: number): void;
}

/** Frames of the window. A window that is hidden or busy gets none, so the batch below has a timer behind it. */
export const windowClock: Clock = {
  requestFrame: (run) => requestAnimationFrame(run),
  delay: (run, ms) => setTimeout(run, ms),
};

/** Longest that an update waits for a frame, in ms. */
const patience = 100;

/**
 * Gathers updates so that at most one batch is applied per frame. The first update after a quiet frame is applied at
 * once (nobody gains from its waiting), those that follow wait for the next frame: a slow frame makes a bigger batch
 * instead of more work.
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

  /** Applies what waits, now. */
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
