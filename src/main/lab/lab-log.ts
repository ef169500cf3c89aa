import { performance } from 'node:perf_hooks';
import type { LabNews } from '../../contract/lab-log.ts';
import { currentContext } from './request-context.ts';

/** An entry of the lab's log. */
export type LabEntry = LabNews & {
  /** Number of the entry, from 0; never reused. */
  readonly seq: number;
  /** `performance.now()` of this process when it happened, ms. */
  readonly at: number;
  /** The request that the entry belongs to; null for none. */
  readonly requestId: string | null;
  /** The endpoint that answers the request; null for none. */
  readonly endpoint: string | null;
  /** The request of the async context. Differs from `requestId` only if the context was lost. */
  readonly contextId: string | null;
};

/** How many entries the log keeps, and how many characters of their texts. Listeners get everything. */
export const mostKept = 10_000;
const keptText = 500;

/** What the lab did, in order. Bounded: the oldest entries are dropped. */
export class LabLog {
  readonly #ring: LabEntry[] = [];
  readonly #listeners = new Set<(entry: LabEntry) => void>();
  /** The endpoints of open requests. */
  readonly #endpoints = new Map<string, string>();
  #next = 0;

  /** Adds an entry with the current time. */
  add(requestId: string | null, news: LabNews): LabEntry {
    const seq = this.#next++;
    const contextId = currentContext()?.id ?? null;
    const endpoint = this.#endpointOf(requestId, news);
    const entry: LabEntry = { seq, at: performance.now(), requestId, endpoint, contextId, ...news };
    this.#ring[seq % mostKept] = withShortText(entry);
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  /** Adds a line for the request of the current context. */
  line(text: string, level: 'info' | 'warning' = 'info'): LabEntry {
    return this.add(currentContext()?.id ?? null, { kind: 'line', level, text });
  }

  /** The kept entries, oldest first; with an id those of one request. */
  entries(requestId?: string): readonly LabEntry[] {
    const oldest = Math.max(0, this.#next - mostKept);
    const found: LabEntry[] = [];
    for (let seq = oldest; seq < this.#next; seq++) {
      const entry = this.#ring[seq % mostKept];
      if (entry !== undefined && (requestId === undefined || entry.requestId === requestId))
        found.push(entry);
    }
    return found;
  }

  /** Calls `listener` with each new entry, until the returned function is called. */
  listen(listener: (entry: LabEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looked up by request, since a context can be lost on purpose. */
  #endpointOf(requestId: string | null, news: LabNews): string | null {
    if (requestId === null) return null;
    if (news.kind === 'request') this.#endpoints.set(requestId, news.endpoint);
    const endpoint = this.#endpoints.get(requestId) ?? null;
    if (news.kind === 'close') this.#endpoints.delete(requestId);
    return endpoint;
  }
}

/** Shortens the texts of an entry, and releases the memory of the whole texts. */
export function withShortText<Entry extends LabNews>(entry: Entry): Entry {
  return {
    ...entry,
    ...('text' in entry ? { text: shortened(entry.text) } : {}),
    ...('path' in entry ? { path: shortened(entry.path) } : {}),
  };
}

function shortened(text: string): string {
  if (text.length <= keptText) return text;
  // Drops half a surrogate pair. The copy through a Buffer does not share the memory of the whole string.
  const cut = text.slice(0, keptText).replace(/[\uD800-\uDBFF]$/, '');
  return `${Buffer.from(cut).toString()}…`;
}
