import { performance } from 'node:perf_hooks';
import { currentContext } from './request-context.ts';

/**
 * How a stream of the lab ended.
 * - `complete`: everything was sent. `client`: the client went away. `shutdown`: the lab is closing.
 * - `fault`: cut on demand. `error`: its generator threw.
 */
export type CloseReason = 'complete' | 'client' | 'shutdown' | 'fault' | 'error';

/** What happened. */
export type LabNews =
  | { readonly kind: 'request'; readonly endpoint: string; readonly method: string; readonly path: string }
  /** The generator handed over its `n`-th event (from 0), which is about to be written. */
  | { readonly kind: 'yield'; readonly n: number; readonly text: string }
  /** Event `n` is with the operating system. */
  | { readonly kind: 'written'; readonly n: number; readonly bytes: number }
  /** The socket is full: the generator is not asked for more until it has drained. */
  | { readonly kind: 'wait'; readonly n: number; readonly buffered: number }
  /**
   * A call that the lab makes to a model on behalf of a request; `n` counts its deltas from 0, whose text is what they
   * add to the answer.
   */
  | {
      readonly kind: 'upstream';
      readonly state: 'open' | 'delta' | 'end' | 'aborted' | 'error';
      readonly n: number;
      readonly text: string;
    }
  /** The client's side is gone, before everything was sent. */
  | { readonly kind: 'client-gone' }
  /** The generator's `finally` has run. */
  | { readonly kind: 'finally' }
  | {
      readonly kind: 'close';
      readonly reason: CloseReason;
      readonly events: number;
      readonly peakBuffered: number;
    }
  | { readonly kind: 'line'; readonly level: 'info' | 'warning'; readonly text: string };

/** An entry of the lab's log. */
export type LabEntry = LabNews & {
  /** Number of the entry, from 0; never reused. */
  readonly seq: number;
  /** `performance.now()` of this process when it happened, ms. */
  readonly at: number;
  /** The request it was written for; null for what belongs to none. */
  readonly requestId: string | null;
  /** The request that the async context named at that moment. Differs from `requestId` only where context was lost. */
  readonly contextId: string | null;
};

/** How many entries are kept for who asks later. Listeners get every one. */
const kept = 10_000;

/** What the lab did, in order. Bounded: the oldest entries make room. */
export class LabLog {
  readonly #ring: LabEntry[] = [];
  readonly #listeners = new Set<(entry: LabEntry) => void>();
  #next = 0;

  /** Adds an entry, stamped with the present time. */
  add(requestId: string | null, news: LabNews): LabEntry {
    const seq = this.#next++;
    const contextId = currentContext()?.id ?? null;
    const entry: LabEntry = { ...news, seq, at: performance.now(), requestId, contextId };
    this.#ring[seq % kept] = entry;
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  /** Adds a line for the request of the current context: what any code deep inside a request can write to. */
  line(text: string, level: 'info' | 'warning' = 'info'): LabEntry {
    return this.add(currentContext()?.id ?? null, { kind: 'line', level, text });
  }

  /** The entries that are kept, oldest first; those of one request where an id is given. */
  entries(requestId?: string): readonly LabEntry[] {
    const oldest = Math.max(0, this.#next - kept);
    const found: LabEntry[] = [];
    for (let seq = oldest; seq < this.#next; seq++) {
      const entry = this.#ring[seq % kept];
      if (entry !== undefined && (requestId === undefined || entry.requestId === requestId))
        found.push(entry);
    }
    return found;
  }

  /** Calls `listener` with every entry from now on, until the returned function is called. */
  listen(listener: (entry: LabEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
