import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Filter, Lane } from '../../contract/lane.ts';
import { Deferred } from '../../core/deferred.ts';
import { OffsetColumn } from '../../core/capture/index/offset-column.ts';
import type { CaptureContent } from './capture-content.ts';
import { LaneMatcher } from './lane-matcher.ts';
import { PatternWorker } from './pattern-worker.ts';

/** Filters whose results are kept, the most recently used. */
const mostSearches = 4;
/** ms of work per turn of the event loop. */
const turn = 6;
/** ms after which a request for rows returns what was found so far. */
const rowsPatience = 100;
/** ms after which a request for a position returns what was found so far. */
const positionPatience = 10_000;

/** Rows read before a window, to preview what the window's rows change. */
const rowsBefore = 8;

/** The matches so far, and the rows at the requested positions. */
export interface FoundRows {
  readonly total: number;
  readonly searched: boolean;
  readonly rows: number[];
  /** Some rows found before the first of `rows`. */
  readonly before: number[];
}

/** The rows at positions [from, to) of a list of `total`, and some before them. */
export function windowRows(
  total: number,
  from: number,
  to: number,
  rowAt: (position: number) => number,
): Omit<FoundRows, 'searched'> {
  const first = Math.min(from, total);
  const before = Math.max(0, first - rowsBefore);
  const rows = Array.from({ length: Math.max(first, Math.min(to, total)) - before }, (_, n) =>
    rowAt(before + n),
  );
  return { total, rows: rows.slice(first - before), before: rows.slice(0, first - before) };
}

/** The searches of one capture, by lane and filter. Each continues when the capture has grown. */
export class LaneSearches {
  readonly #content: CaptureContent;
  readonly #patterns = new PatternWorker();
  readonly #searches = new Map<string, LaneSearch>();

  constructor(content: CaptureContent) {
    this.#content = content;
  }

  /** The rows at positions [from, to) of a filtered lane, as far as found within `rowsPatience`. */
  async rows(lane: Lane, filter: Filter, from: number, to: number): Promise<FoundRows> {
    const search = this.#search(lane, filter);
    await search.until(() => search.found.length >= to, rowsPatience);
    const { found } = search;
    return {
      searched: search.caughtUp,
      ...windowRows(found.length, from, to, (position) => found.get(position)),
    };
  }

  /** Position in a filtered lane of a row, or of the nearest before it that matches. */
  async position(lane: Lane, filter: Filter, row: number): Promise<number> {
    const search = this.#search(lane, filter);
    await search.until(() => search.scanned > row, positionPatience);
    return Math.max(0, search.found.lastAtMost(row));
  }

  close(): void {
    for (const search of this.#searches.values()) search.stop();
    this.#searches.clear();
    this.#patterns.close();
  }

  #search(lane: Lane, filter: Filter): LaneSearch {
    const key = JSON.stringify([lane, filter]);
    let search = this.#searches.get(key);
    if (search === undefined) {
      const matcher = new LaneMatcher(lane, filter, this.#content, this.#patterns);
      search = new LaneSearch(matcher);
    }
    this.#searches.delete(key);
    this.#searches.set(key, search);
    const [oldest] = this.#searches;
    if (this.#searches.size > mostSearches && oldest !== undefined) {
      oldest[1].stop();
      this.#searches.delete(oldest[0]);
    }
    return search;
  }
}

/** One search: its matches and how far it has come. */
class LaneSearch {
  readonly found = new OffsetColumn();
  scanned = 0;
  readonly #matcher: LaneMatcher;
  #running = false;
  #stopped = false;
  #failure: { readonly error: unknown } | null = null;
  #progress = new Deferred<void>();

  constructor(matcher: LaneMatcher) {
    this.#matcher = matcher;
  }

  /** Whether all rows so far were searched. */
  get caughtUp(): boolean {
    return this.scanned >= this.#matcher.length;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Continues the search until `done`, all rows are searched or `patience` ms are over. Rejects if the search failed. */
  async until(done: () => boolean, patience: number): Promise<void> {
    const deadline = performance.now() + patience;
    if (!this.#running) void this.#run();
    while (this.#failure === null && !done() && !this.caughtUp && this.#running) {
      const left = deadline - performance.now();
      if (left <= 0) break;
      const over = new AbortController();
      await Promise.race([
        this.#progress.promise,
        pause(left, undefined, { signal: over.signal }).catch(() => {}),
      ]);
      over.abort();
    }
    if (this.#failure !== null) throw this.#failure.error;
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      let began = performance.now();
      while (!this.#stopped && this.#failure === null && !this.caughtUp) {
        this.scanned = await this.#matcher.search(this.scanned, (row) => this.found.push(row));
        this.#reportProgress();
        if (performance.now() - began > turn) {
          await nextTurn();
          began = performance.now();
        }
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#running = false;
    this.#reportProgress();
  }

  /** Wakes all waiting callers. Each checks its condition and may wait again. */
  #reportProgress(): void {
    const progress = this.#progress;
    this.#progress = new Deferred<void>();
    progress.resolve();
  }
}
