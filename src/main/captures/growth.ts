/** The state of a capture's file that another process records. */
export interface GrowthLook {
  /** Bytes. */
  readonly size: number;
  /** Whether it is still being recorded. If not, `size` is final. */
  readonly isRecorded: boolean;
}

/** Passes on how the file of a capture grows that another process records: from the folder's watch to the one reader. */
export class Growth {
  #newest: GrowthLook | null = null;
  #waiting: ((look: GrowthLook | null) => void) | null = null;
  #closed = false;

  push(look: GrowthLook): void {
    this.#newest = look;
    this.#settle();
  }

  /** The next look; null after `close`. Call it again only after it settled. */
  next(): Promise<GrowthLook | null> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      if (this.#newest !== null || this.#closed) this.#settle();
    });
  }

  close(): void {
    this.#closed = true;
    this.#settle();
  }

  #settle(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    const look = this.#closed ? null : this.#newest;
    this.#newest = null;
    waiting(look);
  }
}
