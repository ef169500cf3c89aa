import type { RowsWindow } from '../../contract/lane.ts';

/** Asks the host for positions [from, to) of a lane, filtered or not. */
export type FetchRows = (from: number, to: number) => Promise<RowsWindow>;

/** The rows that the table needs. */
export interface Wanted {
  /** Positions [first, end). */
  readonly first: number;
  readonly end: number;
  /** Additional rows to load on each side, so that short scrolling needs no request. */
  readonly spare: number;
  /** Changes when loaded rows may have changed. */
  readonly revision: string;
  /** These are the newest rows of a growing lane. */
  readonly newest: boolean;
}

/** Most rows that the host returns per request. */
const largestWindow = 1000;

/** Pause before asking again while the host is still searching, in ms. */
const searchPause = 60;

/**
 * The rows of a lane that the window has loaded: the visible ones and some around them. It sends one request at a time;
 * only the newest of the rows wanted meanwhile are requested next, so that a fast stream or fast scrolling causes bigger
 * steps instead of a queue. Rows stay until others have arrived.
 */
export class RowWindow {
  readonly #fetch: FetchRows;
  readonly #onChange: () => void;
  readonly #onProblem: (error: unknown) => void;
  #rows: RowsWindow | null = null;
  /** What `#rows` were requested for, with the first requested position. */
  #held: Wanted | null = null;
  #wanted: Wanted | null = null;
  #asking = false;
  /** The request that the host refused: it is not repeated. */
  #refused: Wanted | null = null;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(fetch: FetchRows, onChange: () => void, onProblem: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
  }

  /** The rows that arrived last; null before the first. */
  get rows(): RowsWindow | null {
    return this.#rows;
  }

  /** What they were requested for, with the first requested position. */
  get held(): Wanted | null {
    return this.#held;
  }

  want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#ask();
  }

  /** Repeats the request that was refused. */
  retry(): void {
    this.#refused = null;
    this.#ask();
  }

  /** Stops: no callback is called after this. */
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
    // The lane may be shorter than expected: rows that were requested and did not arrive are not requested again.
    const end = Math.max(held.end, rows.from + rows.rows.length);
    return wanted.first >= held.first && wanted.end <= end;
  }
}

function same(a: Wanted, b: Wanted | null): boolean {
  return b !== null && a.first === b.first && a.end === b.end && a.revision === b.revision;
}
