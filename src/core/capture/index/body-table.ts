import { firstIndex } from '../../binary-search.ts';
import type { Framing } from '../../sse/block.ts';

/** The response bodies of a capture (several if the client reconnected): where each begins, and its framing. */
export class BodyTable {
  readonly #starts: number[] = [0];
  /** Framing of each body that has blocks. */
  readonly #framings: Framing[] = [];

  /** A body begins at byte `offset`, unless the current one is still empty. */
  begin(offset: number): void {
    if (this.#starts.at(-1) !== offset) this.#starts.push(offset);
  }

  /** Framing of the newest body. */
  setFraming(framing: Framing): void {
    this.#framings[this.#starts.length - 1] = framing;
  }

  /** Where the body that contains byte `offset` begins. */
  start(offset: number): number {
    return this.#starts[this.#bodyAt(offset)] ?? 0;
  }

  /** Framing of the body that contains byte `offset`. */
  framing(offset: number): Framing {
    return this.#framings[this.#bodyAt(offset)] ?? 'event-stream';
  }

  #bodyAt(offset: number): number {
    return firstIndex(0, this.#starts.length, (index) => (this.#starts[index] ?? 0) > offset) - 1;
  }
}
