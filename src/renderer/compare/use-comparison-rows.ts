import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ComparisonRow, ComparisonView } from '../../contract/comparison.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { callHost, problemOf } from '../state/host.ts';
import { useHostQuery } from '../state/use-host-query.ts';

/** Rows per request, and pages kept. */
const PAGE = 100;
const HELD = 12;

/** The rows that are loaded: a new object whenever they change. */
interface HeldRows {
  readonly row: (row: number) => ComparisonRow | null;
  /** Why rows could not be loaded. */
  readonly problem: string | null;
}

/** The pages of a comparison's rows near the visible ones. */
class RowPages {
  readonly #comparison: string;
  /** Oldest request first; null while the page is loading. */
  readonly #pages = new Map<number, readonly ComparisonRow[] | null>();
  readonly #listeners = new Set<() => void>();
  #held: HeldRows;

  constructor(comparison: string) {
    this.#comparison = comparison;
    this.#held = this.#now(null);
  }

  readonly held = (): HeldRows => this.#held;

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Loads the missing pages of the rows [from, to). */
  want(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) {
      if (this.#pages.has(page)) continue;
      this.#pages.set(page, null);
      void this.#fetch(page);
    }
    for (const page of this.#pages.keys()) if (this.#pages.size > HELD) this.#pages.delete(page);
  }

  async #fetch(page: number): Promise<void> {
    const range = { from: page * PAGE, to: (page + 1) * PAGE };
    let problem: string | null = null;
    try {
      const rows = await callHost('comparison.rows', { comparison: this.#comparison, ...range });
      if (this.#pages.has(page)) this.#pages.set(page, rows);
    } catch (error) {
      this.#pages.delete(page);
      problem = problemOf(error);
    }
    this.#held = this.#now(problem);
    for (const listener of this.#listeners) listener();
  }

  #now(problem: string | null): HeldRows {
    const row = (row: number): ComparisonRow | null =>
      this.#pages.get(Math.floor(row / PAGE))?.[row % PAGE] ?? null;
    return { row, problem };
  }
}

/** The rows of a comparison near the visible rows [first, beyond). Another comparison needs another component. */
export function useComparisonRows(
  { comparison }: Pick<ComparisonView, 'comparison'>,
  first: number,
  beyond: number,
): HeldRows {
  const [pages] = useState(() => new RowPages(comparison));
  const held = useSyncExternalStore(pages.listen, pages.held);
  useEffect(() => pages.want(first, beyond), [pages, first, beyond]);
  return held;
}

const rowQuery: HostQuery<{ readonly comparison: string; readonly row: number }, ComparisonRow | null> = {
  ask: async ({ comparison, row }) => {
    const [found] = await callHost('comparison.rows', { comparison, from: row, to: row + 1 });
    return found ?? null;
  },
  scope: ({ comparison }) => comparison,
};

/** One row of a comparison; null if there is none and until it has loaded. */
export function useComparisonRow({ comparison }: ComparisonView, row: number | null): ComparisonRow | null {
  const found = useHostQuery(rowQuery, row === null ? null : { params: { comparison, row } });
  // The table reports the problem.
  return found.status === 'ready' ? found.data : null;
}
