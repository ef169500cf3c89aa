import type { CaptureId } from '../../contract/capture-id.ts';
import type {
  ComparedEvent,
  ComparedSide,
  ComparisonLinks,
  ComparisonRow,
  ComparisonView,
} from '../../contract/comparison.ts';
import { Refusal } from '../../contract/refusal.ts';
import { pairLevels } from '../../core/compare/event-pairs.ts';
import type { CaptureLibrary } from '../captures/library.ts';
import { differingRows, linksOf, type ComparisonColumns } from './comparison-columns.ts';
import { compareInThread, type OutlineCounts } from './comparison-thread.ts';

/** Most rows per request. */
const MOST_ROWS = 500;
/** Comparisons that are kept. 100,000 events on each side take about 4 MB. */
const MOST_KEPT = 4;
const MOST_DIFFERENCES = 1000;

interface Kept {
  readonly a: CaptureId;
  readonly b: CaptureId;
  readonly columns: ComparisonColumns;
  readonly held: ComparisonView['result']['timing']['held'];
}

/** Compares captures in a thread, one comparison at a time, and keeps the most recent ones. */
export class Comparisons {
  readonly #library: CaptureLibrary;
  /** Newest last. */
  readonly #kept = new Map<string, Kept>();
  readonly #stop = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #made = 0;

  constructor(library: CaptureLibrary) {
    this.#library = library;
  }

  /** Compares two captures up to their current ends. Rejects with a `Refusal`. */
  compare(a: CaptureId, b: CaptureId): Promise<ComparisonView> {
    if (a === b)
      return Promise.reject(new Refusal('bad-params', 'A capture cannot be compared with itself.'));
    // Each takes a whole core: two at once would not be faster.
    const made = this.#last.then(() => this.#compare(a, b));
    this.#last = made.catch(() => undefined);
    return made;
  }

  async rows(comparison: string, from: number, to: number): Promise<readonly ComparisonRow[]> {
    if (to - from > MOST_ROWS) throw new Refusal('bad-params', `At most ${MOST_ROWS} rows per request.`);
    const { a, b, columns } = this.#get(comparison);
    const end = Math.min(to, columns.level.length);
    const numbers = Array.from({ length: Math.max(0, end - from) }, (_, n) => from + n);
    const seqs = (column: Int32Array): number[] =>
      numbers.map((row) => column[row] as number).filter((seq) => seq >= 0);
    const [eventsA, eventsB] = await Promise.all([
      this.#events(a, seqs(columns.a)),
      this.#events(b, seqs(columns.b)),
    ]);
    return numbers.map((row) => rowOf(columns, row, eventsA, eventsB));
  }

  links(comparison: string, from: number, to: number, width: number): ComparisonLinks {
    if (!(to > from)) throw new Refusal('bad-params', 'The span is empty.');
    const { columns, held } = this.#get(comparison);
    return linksOf(columns, held, from, to, width);
  }

  /** Stops the running comparison. */
  async close(): Promise<void> {
    this.#stop.abort(new Refusal('not-available', 'The application is closing.'));
    await this.#last;
    this.#kept.clear();
  }

  async #compare(a: CaptureId, b: CaptureId): Promise<ComparisonView> {
    const [fileA, fileB] = [await this.#library.file(a), await this.#library.file(b)];
    const found = await compareInThread(fileA, fileB, this.#stop.signal);
    const [sideA, sideB] = [await this.#side(a, found.a), await this.#side(b, found.b)];
    this.#made += 1;
    const comparison = `comparison-${this.#made}`;
    this.#kept.set(comparison, { a, b, columns: found.columns, held: found.result.timing.held });
    for (const oldest of this.#kept.keys()) if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest);
    return {
      comparison,
      a: sideA,
      b: sideB,
      result: found.result,
      rows: found.columns.level.length,
      differences: differingRows(found.columns, MOST_DIFFERENCES),
    };
  }

  #get(comparison: string): Kept {
    const kept = this.#kept.get(comparison);
    if (kept === undefined)
      throw new Refusal(
        'no-such-comparison',
        'This comparison is no longer available. Compare the captures again.',
      );
    return kept;
  }

  async #side(capture: CaptureId, counts: OutlineCounts): Promise<ComparedSide> {
    await this.#library.whole(capture);
    return this.#library.ask(capture, (session) => {
      const { dispatched, lastAt, gaps, bytes, wireBytes, status, end } = session.summary();
      const { firstByteAt, firstEventAt, firstTokenAt, tokens, tokensPerSecond } = session.reader.metrics();
      return {
        capture,
        events: dispatched,
        firstByteAt,
        firstEventAt,
        firstTokenAt,
        lastAt,
        gapP50: gaps?.p50 ?? null,
        gapP95: gaps?.p95 ?? null,
        gapMax: gaps?.max ?? null,
        tokens: tokens?.count ?? null,
        tokensPerSecond,
        ...counts,
        bytes,
        wireBytes,
        status,
        end: end?.reason ?? null,
      };
    });
  }

  async #events(capture: CaptureId, seqs: readonly number[]): Promise<Map<number, ComparedEvent>> {
    const rows = await this.#library.ask(capture, (session) => session.reader.eventRows(seqs));
    const events = new Map<number, ComparedEvent>();
    for (const row of rows) {
      if (row.lane !== 'blocks' || row.seq === null) continue;
      events.set(row.seq, { seq: row.seq, at: row.at, type: row.type, preview: row.preview });
    }
    return events;
  }
}

function rowOf(
  columns: ComparisonColumns,
  row: number,
  eventsA: ReadonlyMap<number, ComparedEvent>,
  eventsB: ReadonlyMap<number, ComparedEvent>,
): ComparisonRow {
  const a = eventsA.get(columns.a[row] as number) ?? null;
  const b = eventsB.get(columns.b[row] as number) ?? null;
  const level = pairLevels[columns.level[row] as number] ?? null;
  const changed = columns.changed[row] as number;
  const delay =
    level === null || a === null || b === null || a.at === null || b.at === null ? null : b.at - a.at;
  return { row, a, b, delay, level, changed: changed < 0 ? null : changed };
}
