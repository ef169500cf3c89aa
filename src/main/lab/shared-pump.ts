/**
 * A queue that one loop works off for everybody. Whatever it runs sees the context of whoever started the loop, not
 * of whoever queued it: the usual way to lose an async context (pools, batchers, event emitters). Kept as a mistake to
 * show; nothing but a break on demand uses it.
 */
export class SharedPump {
  readonly #queue: (() => Promise<void>)[] = [];
  #running = false;

  /** Runs `work` when its turn comes, beside whatever was queued before it. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push(() => work().then(resolve, reject));
      if (!this.#running) void this.#loop();
    });
  }

  async #loop(): Promise<void> {
    this.#running = true;
    const running = new Set<Promise<void>>();
    while (this.#queue.length > 0 || running.size > 0) {
      for (const work of this.#queue.splice(0)) {
        const done: Promise<void> = work().finally(() => running.delete(done));
        running.add(done);
      }
      // Looks for new work now and then, for as long as any is under way.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#running = false;
  }
}
