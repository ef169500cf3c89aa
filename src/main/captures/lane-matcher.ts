import type { Filter, Lane } from '../../contract/lane.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import { unkeptType } from '../../core/capture/index/type-table.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import type { CaptureContent } from './capture-content.ts';
import type { PatternWorker } from './pattern-worker.ts';
import { textMatchOf, type TextMatch } from './text-match.ts';

/** What one step reads, in bytes and rows: short enough to be one turn's work. */
const stepBytes = 256 * 1024;
const stepRows = 16 * 1024;

/** Of a longer row this beginning is looked at: the pipeline keeps no more of one, and a line without an end may have any size. */
const mostOfRow = 64 * 1024 * 1024;

/** A row's text, and the types that count as part of it. */
interface RowText {
  readonly row: number;
  readonly text: string;
  readonly type: string;
}

/** Tells which rows of a lane a filter lets through. */
export class LaneMatcher {
  readonly #lane: Lane;
  readonly #filter: Filter;
  readonly #text: TextMatch | null;
  readonly #content: CaptureContent;
  readonly #index: CaptureIndex;
  readonly #patterns: PatternWorker;
  #types: { readonly known: number; readonly wanted: Set<number> } | null = null;

  /** Throws a `bad-pattern` refusal where the filter's pattern is none. */
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

  /** Looks at some rows from `from` on, which must be there. Calls `found` with those that match; returns where to go on. */
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
    // The index alone can tell: no bytes are read.
    if (this.#text === null) return most;
    while (to < most && this.#range(to).end - start <= stepBytes) to += 1;
    return to;
  }

  /** What the index says of a row: whether it passes all but the text; null where its type must be read. */
  #passes(row: number): boolean | null {
    const { kinds, states, types } = this.#filter;
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

  /** Those of some rows whose bytes may hold the text; all where bytes cannot tell. */
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
      // A text that is put together from several events may hold what no single one does.
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

  /** Numbers of the types that hold the text. */
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

/** Ascending rows as runs, joined where so little lies between two that it is cheaper to read on. */
function closeRuns(rows: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    if (run !== undefined && row - run[1] <= 16) run[1] = row;
    else runs.push([row, row]);
  }
  return runs;
}
