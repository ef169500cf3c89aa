import type { ChunkRow, EventRow, JsonRow, Lane, LaneRow, RowSpan } from '../../contract/lane.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import type { At } from '../../core/capture/record.ts';
import { previewJson, previewText } from './row-preview.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { BlockTexts } from './block-texts.ts';
import type { BodyReader } from './body-reader.ts';
import type { DocumentTexts } from './document-texts.ts';

/** What a window reads at most, in bytes, shared evenly by its rows; but each row gets at least `leastBytes`. */
const windowBytes = 4 * 1024 * 1024;
const leastBytes = 4096;
/** A row's preview needs no more of it than this. */
const mostBytes = 256 * 1024;
/** What a chunk's preview needs: its text is shown from its beginning. */
const chunkPreviewBytes = 1024;

/** Rows of a lane, as numbers: contiguous or not, ascending. */
type Rows = readonly number[];

/** Builds the rows of a window from the index, and from the bytes on disk where they are previewed. */
export class LaneRows {
  readonly #index: CaptureIndex;
  readonly #body: BodyReader;
  readonly #blocks: BlockTexts;
  readonly #documents: DocumentTexts;

  constructor(index: CaptureIndex, body: BodyReader, blocks: BlockTexts, documents: DocumentTexts) {
    this.#index = index;
    this.#body = body;
    this.#blocks = blocks;
    this.#documents = documents;
  }

  /** The rows `wanted`; `before` is the row shown before the first, for what differs; null where there is none. */
  read(lane: Lane, wanted: Rows, before: number | null): Promise<LaneRow[]> {
    switch (lane) {
      case 'chunks':
        return this.#chunkRows(wanted);
      case 'events':
        return this.#eventRows(wanted, before);
      case 'json':
        return this.#jsonRows(wanted, before);
      default:
        return assertNever(lane);
    }
  }

  async #chunkRows(wanted: Rows): Promise<ChunkRow[]> {
    const rows: ChunkRow[] = [];
    for (const [first, last] of runs(wanted)) {
      const chunks = await this.#body.chunks(first, last + 1, chunkPreviewBytes);
      for (const [offset, { at, read, wireBytes, beginning }] of chunks.entries()) {
        const row = first + offset;
        const range = this.#index.chunkRange(row);
        const gap = gapOf(at, row > 0 ? this.#index.chunkAt(row - 1) : null);
        const preview = previewText(decodeUtf8(beginning));
        const events = this.#index.blocksOf(range);
        rows.push({ lane: 'chunks', row, at, gap, range, preview, read, wireBytes, events });
      }
    }
    return rows;
  }

  async #eventRows(wanted: Rows, before: number | null): Promise<EventRow[]> {
    const read = before === null ? wanted : [before, ...wanted];
    const most = bytesPerRow(read.length);
    const blocks = (
      await Promise.all(runs(read).map(([first, last]) => this.#blocks.read(first, last + 1, most)))
    ).flat();
    const rows: EventRow[] = [];
    let data: string | null = null;
    for (const block of blocks) {
      const row = block.index;
      const { state } = this.#index.block(row);
      if (row !== before || rows.length > 0) {
        const range = block.range;
        rows.push({
          lane: 'events',
          row,
          at: block.at,
          gap: gapOf(block.at, row > 0 ? this.#index.blockAt(row - 1) : null),
          range,
          preview: state === null ? previewText(block.data) : previewJson(block.data, data),
          kind: block.kind,
          seq: block.seq,
          type: block.type,
          chunks: this.#index.chunksOf(range),
          payload: state,
        });
      }
      if (state !== null) data = block.data;
    }
    return rows;
  }

  async #jsonRows(wanted: Rows, before: number | null): Promise<JsonRow[]> {
    const read = before === null ? wanted : [before, ...wanted];
    const documents = await this.#documents.read(read, bytesPerRow(read.length));
    const rows: JsonRow[] = [];
    let text: string | null = null;
    for (const document of documents) {
      const { row, state, events, range } = document;
      if (row !== before || rows.length > 0) {
        const at = this.#index.documentAt(row);
        const gap = gapOf(at, row > 0 ? this.#index.documentAt(row - 1) : null);
        const span: RowSpan = events;
        rows.push({
          lane: 'json',
          row,
          at,
          gap,
          range,
          preview: previewJson(document.text, text),
          state,
          events: span,
        });
      }
      text = document.text;
    }
    return rows;
  }
}

function bytesPerRow(rows: number): number {
  return Math.min(mostBytes, Math.max(leastBytes, Math.floor(windowBytes / Math.max(1, rows))));
}

function gapOf(at: At, before: At): number | null {
  return at === null || before === null ? null : at - before;
}

/** Ascending numbers as runs of successive ones, first and last included. */
export function runs(rows: Rows): [first: number, last: number][] {
  const found: [number, number][] = [];
  for (const row of rows) {
    const run = found.at(-1);
    if (run !== undefined && row === run[1] + 1) run[1] = row;
    else found.push([row, row]);
  }
  return found;
}
