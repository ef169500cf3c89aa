import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Filter, Lane } from '../../contract/lane.ts';
import { Deferred } from '../../core/deferred.ts';
import { OffsetColumn } from '../../core/capture/index/offset-column.ts';
import type { CaptureContent } from './capture-content.ts';
import { LaneMatcher } from './lane-matcher.ts';
import { PatternWorker } from './pattern-worker.ts';

/** Filters whose results are kept; the one not asked for longest goes first. */
const mostSearches = 4;
/** ms that a search works before other things have their turn. */
const turn = 6;
/** ms that a question for rows waits for the search to find them. */
const rowsPatience = 100;
/** ms that a question for a position waits for the search to come that far. */
const positionPatience = 10_000;

/** Rows before a window that are read with it: beside them it shows what its own rows change. */
const rowsBefore = 8;

/** Rows found: how many so far, and those at the positions asked for. */
export interface FoundRows {
  readonly total: number;
  readonly searched: boolean;
  readonly rows: number[];
  /** Some rows found before the first of `rows`. */
  readonly before: number[];
}

/** The rows at positions [from, to) of a list of `total`, as far as it goes, and those before them. */
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

/** The searches of one capture, by lane and filter. Each goes on where it stopped when the capture has grown. */
export class LaneSearches {
  readonly #content: CaptureContent;
  readonly #patterns = new PatternWorker();
  readonly #searches = new Map<string, LaneSearch>();

  constructor(content: CaptureContent) {
    this.#content = content;
  }

  /** The rows at positions [from, to) of a filtered lane, as far as they are found soon. */
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

/** One search: the rows found, and how far it has come. */
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

  /** Whether every row that is there was looked at. */
  get caughtUp(): boolean {
    return this.scanned >= this.#matcher.length;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Searches on, and waits until `done`, all is searched or `patience` ms are over. Rejects where the search failed. */
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
        this.#tellProgress();
        if (performance.now() - began > turn) {
          await nextTurn();
          began = performance.now();
        }
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#running = false;
    this.#tellProgress();
  }

  /** Wakes all who wait, each of whom looks for himself and waits for the next. */
  #tellProgress(): void {
    const progress = this.#progress;
    this.#progress = new Deferred<void>();
    progress.resolve();
  }
}
