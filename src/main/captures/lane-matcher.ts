import { isInside, type Bound } from '../../contract/filter-words.ts';
import type { Filter, Lane } from '../../contract/lane.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import type { CaptureTime } from '../../core/capture-time.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import { unkeptType } from '../../core/capture/index/type-table.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import type { CaptureContent } from './capture-content.ts';
import type { PatternWorker } from './pattern-worker.ts';
import { textMatchOf, type TextMatch } from './text-match.ts';

/** Most bytes and rows of one step: short enough for one turn of the event loop. */
const stepBytes = 256 * 1024;
const stepRows = 16 * 1024;

/** Bytes of a row that are searched. The pipeline keeps no more either. */
const mostOfRow = 64 * 1024 * 1024;

/** A row's text and event type. */
interface RowText {
  readonly row: number;
  readonly text: string;
  readonly type: string;
}

/** Finds the rows of a lane that match a filter. */
export class LaneMatcher {
  readonly #lane: Lane;
  readonly #filter: Filter;
  readonly #text: TextMatch | null;
  readonly #content: CaptureContent;
  readonly #index: CaptureIndex;
  readonly #patterns: PatternWorker;
  #types: { readonly known: number; readonly wanted: Set<number> } | null = null;

  /** Throws a `Refusal` (`bad-pattern`) for an invalid pattern. */
  constructor(lane: Lane, filter: Filter, content: CaptureContent, patterns: PatternWorker) {
    this.#lane = lane;
    this.#filter = filter;
    this.#text = textMatchOf(filter);
    this.#content = content;
    this.#index = content.index;
    this.#patterns = patterns;
  }

  /** Rows of the lane. */
  get length(): number {
    return this.#content.length(this.#lane);
  }

  /** Searches some rows from the existing row `from` on. Calls `found` with each match; returns the row to continue at. */
  async search(from: number, found: (row: number) => void): Promise<number> {
    const to = this.#stepEnd(from);
    const wanted: number[] = [];
    let unsure = false;
    for (let row = from; row < to; row += 1) {
      const passes = this.#passes(row);
      if (passes !== false) wanted.push(row);
      if (passes === null) unsure = true;
    }
    if (wanted.length === 0) return to;
    if (this.#text === null && !unsure) {
      for (const row of wanted) found(row);
      return to;
    }
    const candidates = await this.#candidates(wanted);
    const types = this.#lane === 'chunks' ? undefined : this.#filter.types;
    const texts = (await this.#texts(candidates)).filter(({ type }) => types?.includes(type) ?? true);
    const matches = await this.#matches(texts);
    for (const [at, { row }] of texts.entries()) if (matches[at] === true) found(row);
    return to;
  }

  #stepEnd(from: number): number {
    const start = this.#range(from).start;
    const most = Math.min(this.length, from + stepRows);
    let to = from + 1;
    // The index is enough: no bytes are read.
    if (this.#text === null) return most;
    while (to < most && this.#range(to).end - start <= stepBytes) to += 1;
    return to;
  }

  /** Whether a row passes all but the text, by the index; null if its type must be read from disk. */
  #passes(row: number): boolean | null {
    const { kinds, states, types, bounds } = this.#filter;
    if (bounds !== undefined && !bounds.every((bound) => this.#isInside(row, bound))) return false;
    if (this.#lane === 'chunks') return true;
    const state = this.#lane === 'documents' ? this.#index.document(row).state : null;
    const needsBlock = types !== undefined || this.#lane === 'blocks';
    const block = needsBlock ? this.#index.block(this.#blockOf(row)) : null;
    if (states !== undefined) {
      const own = state ?? block?.state ?? null;
      if (own === null || !states.includes(own)) return false;
    }
    if (this.#lane === 'blocks' && kinds !== undefined && block !== null && !kinds.includes(block.kind))
      return false;
    if (types === undefined || block === null) return true;
    return block.type === null ? null : types.includes(block.type);
  }

  #isInside(row: number, bound: Bound): boolean {
    const quantity = this.#quantity(row, bound.of);
    return quantity !== null && isInside(bound, quantity);
  }

  /** A quantity as the row shows it; null if the row has none. */
  #quantity(row: number, of: Bound['of']): number | null {
    if (of === 'size') {
      const { start, end } = this.#range(row);
      return end - start;
    }
    const at = this.#at(row);
    if (of === 'at' || at === null) return at;
    const before = row === 0 ? null : this.#at(row - 1);
    return before === null ? null : at - before;
  }

  #at(row: number): CaptureTime {
    if (this.#lane === 'chunks') return this.#index.chunkAt(row);
    return this.#lane === 'blocks' ? this.#index.blockAt(row) : this.#index.documentAt(row);
  }

  /** The rows whose bytes may contain the text; all rows if the search needs decoded text. */
  async #candidates(rows: readonly number[]): Promise<readonly number[]> {
    const inBytes = this.#text?.kind === 'plain' ? this.#text.inBytes : null;
    const [first, last] = [rows[0], rows.at(-1)];
    if (inBytes === null || first === undefined || last === undefined) return rows;
    const { start: begin } = this.#range(first);
    // A step has many small rows, or one.
    const range = { start: begin, end: Math.min(this.#range(last).end, begin + mostOfRow) };
    const bytes = await this.#content.body.read(range);
    const hits: number[] = [];
    inBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), (offset) =>
      hits.push(range.start + offset),
    );
    const typed = this.#lane === 'blocks' ? this.#typesWithText() : null;
    let hit = 0;
    return rows.filter((row) => {
      const { start, end } = this.#range(row);
      while (hit < hits.length && (hits[hit] ?? 0) < start) hit += 1;
      if (hit < hits.length && (hits[hit] ?? 0) < end) return true;
      if (typed !== null) {
        const type = this.#index.typeNumber(row);
        return type === unkeptType || typed.has(type);
      }
      // A document of several events may contain text that no single event does.
      return this.#lane === 'documents' && this.#index.document(row).cut !== null;
    });
  }

  async #texts(rows: readonly number[]): Promise<RowText[]> {
    switch (this.#lane) {
      case 'chunks':
        return Promise.all(
          rows.map(async (row) => ({
            row,
            text: decodeUtf8(await this.#content.body.read(beginningOf(this.#range(row)))),
            type: '',
          })),
        );
      case 'blocks': {
        const wanted = new Set(rows);
        const read = await Promise.all(
          closeRuns(rows).map(([first, last]) => this.#content.blocks.read(first, last + 1, mostOfRow)),
        );
        return read
          .flat()
          .flatMap(({ index, data, type }) => (wanted.has(index) ? [{ row: index, text: data, type }] : []));
      }
      case 'documents': {
        const documents = await this.#content.documents.read(rows, mostOfRow);
        return documents.map(({ row, text, blocks }) => ({ row, text, type: blocks[0]?.type ?? '' }));
      }
      default:
        return assertNever(this.#lane);
    }
  }

  async #matches(texts: readonly RowText[]): Promise<readonly boolean[]> {
    const match = this.#text;
    if (match === null) return texts.map(() => true);
    const byType = this.#lane === 'blocks';
    if (match.kind === 'plain') {
      return texts.map(({ text, type }) => match.isIn(text) || (byType && match.isIn(type)));
    }
    const matches = await this.#patterns.test(
      match.expression,
      texts.map(({ text }) => text),
    );
    if (!byType) return matches;
    const types = await this.#patterns.test(
      match.expression,
      texts.map(({ type }) => type),
    );
    return matches.map((matched, at) => matched || types[at] === true);
  }

  /** Numbers of the types that contain the text. */
  #typesWithText(): Set<number> {
    const { types } = this.#index;
    if (this.#types?.known !== types.size) {
      this.#types = {
        known: types.size,
        wanted: types.numbersWhere((type) => this.#text?.kind === 'plain' && this.#text.isIn(type)),
      };
    }
    return this.#types.wanted;
  }

  #blockOf(row: number): number {
    return this.#lane === 'documents' ? this.#index.blockOfSeq(this.#index.document(row).events[0]) : row;
  }

  #range(row: number): ByteRange {
    if (this.#lane === 'chunks') return this.#index.chunkRange(row);
    if (this.#lane === 'blocks') return this.#index.blockRange(row);
    const [first, last] = this.#index.document(row).events;
    const { start } = this.#index.blockRange(this.#index.blockOfSeq(first));
    return { start, end: this.#index.blockRange(this.#index.blockOfSeq(last)).end };
  }
}

function beginningOf({ start, end }: ByteRange): ByteRange {
  return { start, end: Math.min(end, start + mostOfRow) };
}

/** Ascending rows as runs. Near runs are joined, because reading on is cheaper than another read. */
function closeRuns(rows: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    if (run !== undefined && row - run[1] <= 16) run[1] = row;
    else runs.push([row, row]);
  }
  return runs;
}
