import type { CloseReason } from '../../contract/lab-log.ts';

/** The streams that a lab is sending. They are ended before the server is closed. */
export class OpenStreams {
  readonly #streams = new Set<AbortController>();
  #whenNone: (() => void)[] = [];
  #closing = false;

  get size(): number {
    return this.#streams.size;
  }

  /** Counts a stream until `done` is called. */
  add(abort: AbortController): { done(): void } {
    this.#streams.add(abort);
    if (this.#closing) abort.abort('shutdown' satisfies CloseReason);
    return {
      done: () => {
        this.#streams.delete(abort);
        if (this.#streams.size > 0) return;
        for (const tell of this.#whenNone.splice(0)) tell();
      },
    };
  }

  /** Asks every stream to end, those that are still to come too, and resolves when the last has. */
  async endAll(): Promise<void> {
    this.#closing = true;
    for (const abort of this.#streams) abort.abort('shutdown' satisfies CloseReason);
    await this.none();
  }

  /** Resolves when no stream is open. */
  async none(): Promise<void> {
    if (this.#streams.size > 0) await new Promise<void>((resolve) => this.#whenNone.push(resolve));
  }
}
