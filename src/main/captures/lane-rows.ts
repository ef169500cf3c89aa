import type { CaptureTime } from '../../core/capture-time.ts';
import type { ChunkRow, BlockRow, DocumentRow, Lane, LaneRow, Preview } from '../../contract/lane.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import { PreviewSequence, previewChange } from '../../core/json/preview.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { BlockTexts } from './block-texts.ts';
import type { BodyReader } from './body-reader.ts';
import type { CaptureContent } from './capture-content.ts';
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

  constructor({ index, body, blocks, documents }: CaptureContent) {
    this.#index = index;
    this.#body = body;
    this.#blocks = blocks;
    this.#documents = documents;
  }

  /** The rows `wanted`; `before` are those shown before the first, for what differs. */
  read(lane: Lane, wanted: Rows, before: Rows): Promise<LaneRow[]> {
    switch (lane) {
      case 'chunks':
        return this.#chunkRows(wanted);
      case 'blocks':
        return this.#eventRows(wanted, before);
      case 'documents':
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
        const preview = previewBytes(beginning);
        const blocks = this.#index.blocksOf(range);
        rows.push({ lane: 'chunks', row, at, gap, range, preview, read, wireBytes, blocks });
      }
    }
    return rows;
  }

  async #eventRows(wanted: Rows, before: Rows): Promise<BlockRow[]> {
    const read = [...before, ...wanted];
    const most = bytesPerRow(read.length);
    const previews = new PreviewSequence();
    const rows: BlockRow[] = [];
    for (const [first, last] of runs(read)) {
      for (const block of await this.#blocks.read(first, last + 1, most)) {
        const { index: row, at, range, kind, seq, type, data } = block;
        const payload = this.#index.block(row).state;
        const preview = payload === null ? previewChange(null, data) : previews.next(type, data);
        const gap = gapOf(at, row > 0 ? this.#index.blockAt(row - 1) : null);
        const chunks = this.#index.chunksOf(range);
        rows.push({ lane: 'blocks', row, at, gap, range, preview, kind, seq, type, chunks, payload });
      }
    }
    return rows.slice(before.length);
  }

  async #jsonRows(wanted: Rows, before: Rows): Promise<DocumentRow[]> {
    const read = [...before, ...wanted];
    const previews = new PreviewSequence();
    const documents = await this.#documents.read(read, bytesPerRow(read.length));
    const rows = documents.map(({ row, state, events, range, text, blocks }): DocumentRow => {
      const preview = previews.next(blocks[0]?.type ?? '', text);
      const at = this.#index.documentAt(row);
      const gap = gapOf(at, row > 0 ? this.#index.documentAt(row - 1) : null);
      return { lane: 'documents', row, at, gap, range, preview, state, events };
    });
    return rows.slice(before.length);
  }
}

/** A chunk has no payload: its beginning is shown. */
function previewBytes(bytes: Uint8Array): Preview {
  return { path: null, text: visibleText(decodeUtf8(bytes).slice(0, 120)).slice(0, 240) };
}

function bytesPerRow(rows: number): number {
  return Math.min(mostBytes, Math.max(leastBytes, Math.floor(windowBytes / Math.max(1, rows))));
}

function gapOf(at: CaptureTime, before: CaptureTime): number | null {
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
