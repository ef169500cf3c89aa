import { performance } from 'node:perf_hooks';
import type { LabNews } from '../../contract/lab-log.ts';
import { currentContext } from './request-context.ts';

/** An entry of the lab's log. */
export type LabEntry = LabNews & {
  /** Number of the entry, from 0; never reused. */
  readonly seq: number;
  /** `performance.now()` of this process when it happened, ms. */
  readonly at: number;
  /** The request it was written for; null for what belongs to none. */
  readonly requestId: string | null;
  /** The endpoint that answers that request; null where none does. */
  readonly endpoint: string | null;
  /** The request that the async context named at that moment. Differs from `requestId` only where context was lost. */
  readonly contextId: string | null;
};

/** How many entries are kept for later readers, and how many characters of their texts. Listeners get all. */
export const mostKept = 10_000;
const keptText = 500;

/** What the lab did, in order. Bounded: the oldest entries make room. */
export class LabLog {
  readonly #ring: LabEntry[] = [];
  readonly #listeners = new Set<(entry: LabEntry) => void>();
  /** Endpoints of the requests that are being answered. */
  readonly #endpoints = new Map<string, string>();
  #next = 0;

  /** Adds an entry, stamped with the present time. */
  add(requestId: string | null, news: LabNews): LabEntry {
    const seq = this.#next++;
    const contextId = currentContext()?.id ?? null;
    const endpoint = this.#endpointOf(requestId, news);
    const entry: LabEntry = { seq, at: performance.now(), requestId, endpoint, contextId, ...news };
    this.#ring[seq % mostKept] = withShortText(entry);
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  /** Adds a line for the request of the current context: what any code deep inside a request can write to. */
  line(text: string, level: 'info' | 'warning' = 'info'): LabEntry {
    return this.add(currentContext()?.id ?? null, { kind: 'line', level, text });
  }

  /** The entries that are kept, oldest first; those of one request where an id is given. */
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

  /** Calls `listener` with every entry from now on, until the returned function is called. */
  listen(listener: (entry: LabEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The context may be lost on purpose: the request remembers its endpoint. */
  #endpointOf(requestId: string | null, news: LabNews): string | null {
    if (requestId === null) return null;
    if (news.kind === 'request') this.#endpoints.set(requestId, news.endpoint);
    const endpoint = this.#endpoints.get(requestId) ?? null;
    if (news.kind === 'close') this.#endpoints.delete(requestId);
    return endpoint;
  }
}

/** The entry with its texts shortened to what is kept. It does not hold the memory of the whole texts. */
export function withShortText<Entry extends LabNews>(entry: Entry): Entry {
  return {
    ...entry,
    ...('text' in entry ? { text: shortened(entry.text) } : {}),
    ...('path' in entry ? { path: shortened(entry.path) } : {}),
  };
}

function shortened(text: string): string {
  if (text.length <= keptText) return text;
  // Half a character goes too. A cut string shares the memory of the whole; one that has been through bytes does not.
  const cut = text.slice(0, keptText).replace(/[\uD800-\uDBFF]$/, '');
  return `${Buffer.from(cut).toString()}…`;
}
