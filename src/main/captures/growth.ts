/** A look at the file of a capture that another process records. */
export interface GrowthLook {
  /** Bytes of it now. */
  readonly size: number;
  /** Whether it is still recorded. Where it is not, `size` is final. */
  readonly isRecorded: boolean;
}

/** How the file of a capture that another process records goes on: told by whoever looks, awaited by whoever reads. */
export class Growth {
  #newest: GrowthLook | null = null;
  #waiting: ((look: GrowthLook | null) => void) | null = null;
  #closed = false;

  tell(look: GrowthLook): void {
    this.#newest = look;
    this.#settle();
  }

  /** The next look; null where nobody looks any more. One reader at a time. */
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
