import type { RowsWindow } from '../../contract/lane.ts';

/** Asks the host for positions [from, to) of a (filtered) lane. */
export type FetchRows = (from: number, to: number) => Promise<RowsWindow>;

/** What is to be seen. */
export interface Wanted {
  /** Positions [first, end). */
  readonly first: number;
  readonly end: number;
  /** Rows that are fetched on each side as well, so that scrolling on finds them there. */
  readonly spare: number;
  /** Changes when rows that were fetched may have changed. */
  readonly revision: string;
  /** These are the newest rows of a lane that grows. */
  readonly newest: boolean;
}

/** Most rows that the host gives at once. */
const largestWindow = 1000;

/** Pause before asking again while the host is still searching, in ms. */
const searchPause = 60;

/**
 * The few rows of a lane that the user interface holds: those in sight and some around them. There is one request
 * under way at most; what was wanted in the meantime is asked for next, so that a fast stream or a fast scroll costs
 * bigger steps, not a queue. Rows stay until others have come.
 */
export class RowWindow {
  readonly #fetch: FetchRows;
  readonly #onChange: () => void;
  readonly #onProblem: (error: unknown) => void;
  #rows: RowsWindow | null = null;
  /** What `#rows` came for, with the first position that was asked for. */
  #held: Wanted | null = null;
  #wanted: Wanted | null = null;
  #asking = false;
  /** What was asked for when the host refused: not asked again as it is. */
  #refused: Wanted | null = null;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(fetch: FetchRows, onChange: () => void, onProblem: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
  }

  /** The newest rows that came; null before the first. */
  get rows(): RowsWindow | null {
    return this.#rows;
  }

  /** What they came for, with the first position that was asked for. */
  get held(): Wanted | null {
    return this.#held;
  }

  want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#ask();
  }

  /** Asks again for what was refused. */
  retry(): void {
    this.#refused = null;
    this.#ask();
  }

  /** No more changes from here on. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #ask(): void {
    const wanted = this.#wanted;
    if (this.#asking || this.#closed || wanted === null || this.#has(wanted) || same(wanted, this.#refused))
      return;
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
    this.#asking = true;
    const from = Math.max(0, wanted.first - wanted.spare);
    const to = Math.min(from + largestWindow, wanted.end + wanted.spare);
    void this.#receive(wanted, from, to);
  }

  async #receive(wanted: Wanted, from: number, to: number): Promise<void> {
    try {
      const rows = await this.#fetch(from, to);
      this.#asking = false;
      if (this.#closed) return;
      this.#rows = rows;
      this.#held = { ...wanted, first: from };
      this.#refused = null;
      this.#onChange();
      if (!rows.searched) this.#timer ??= setTimeout(() => this.#again(), searchPause);
    } catch (error) {
      this.#asking = false;
      if (this.#closed) return;
      this.#refused = wanted;
      this.#onProblem(error);
    }
    this.#ask();
  }

  #again(): void {
    this.#timer = null;
    this.#held = null;
    this.#ask();
  }

  #has(wanted: Wanted): boolean {
    const held = this.#held;
    const rows = this.#rows;
    if (held === null || rows === null || held.revision !== wanted.revision) return false;
    // A lane may end sooner than was thought: what was asked for once and did not come is not asked for again.
    const end = Math.max(held.end, rows.from + rows.rows.length);
    return wanted.first >= held.first && wanted.end <= end;
  }
}

function same(a: Wanted, b: Wanted | null): boolean {
  return b !== null && a.first === b.first && a.end === b.end && a.revision === b.revision;
}
