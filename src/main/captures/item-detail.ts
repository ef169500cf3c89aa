import type { ItemDetail, TextSource } from '../../contract/item.ts';
import type { Lane, RowSpan } from '../../contract/lane.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import { payloadOf } from '../../core/json/payload.ts';
import type { Block } from '../../core/sse/block.ts';
import type { BlockBytes } from '../../core/sse/block-lines.ts';
import { readFields } from '../../core/sse/fields.ts';
import { textSources } from '../../core/pipeline/text-source.ts';
import type { BlockTexts } from './block-texts.ts';
import type { BodyReader } from './body-reader.ts';
import type { CaptureContent } from './capture-content.ts';
import type { DocumentText, DocumentTexts } from './document-texts.ts';

/** Characters of text in a detail. */
const mostText = 1024 * 1024;
/** Bytes read of a block or of a document's events. The pipeline keeps no more either. */
const mostRead = 64 * 1024 * 1024;

/** Reads one row from disk with everything known about it. */
export class DetailReader {
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

  /** The row must exist. */
  read(lane: Lane, row: number): Promise<ItemDetail> {
    switch (lane) {
      case 'chunks':
        return this.#chunk(row);
      case 'blocks':
        return this.#event(row);
      case 'documents':
        return this.#document(row);
      default:
        return assertNever(lane);
    }
  }

  async #chunk(row: number): Promise<ItemDetail> {
    const range = this.#index.chunkRange(row);
    const [chunk] = await this.#body.chunks(row, row + 1, 0);
    const blocks = this.#index.blocksOf(range);
    return {
      lane: 'chunks',
      row,
      at: chunk?.at ?? null,
      range,
      related: {
        chunks: [row, row],
        blocks,
        documents: blocks === null ? null : this.#index.documentsOf(blocks),
      },
      chunk: { read: chunk?.read ?? 0, wireBytes: chunk?.wireBytes ?? 0 },
      block: null,
      fields: [],
      payload: null,
      text: null,
      textLength: 0,
      sources: [],
    };
  }

  async #event(row: number): Promise<ItemDetail> {
    const { block, bytes } = await this.#block(row);
    const dispatched = block.kind === 'event';
    return {
      lane: 'blocks',
      row,
      at: block.at,
      range: block.range,
      related: {
        chunks: this.#index.chunksOf(block.range),
        blocks: [row, row],
        documents: dispatched ? this.#index.documentsOf([row, row]) : null,
      },
      chunk: null,
      block: withDataCut(block),
      fields: readFields(bytes, block.kind),
      payload: dispatched ? stateOf(block.data) : null,
      text: block.data.slice(0, mostText),
      textLength: block.data.length,
      sources: sourcesOf(block, bytes),
    };
  }

  async #document(row: number): Promise<ItemDetail> {
    const [document] = await this.#documents.read([row], mostRead);
    const [first] = document?.blocks ?? [];
    if (document === undefined || first === undefined) throw new Error('The document has no events.');
    const { block, bytes } = await this.#block(first.index);
    const from = document.cut?.from ?? 0;
    const blocks: RowSpan = [first.index, this.#index.blockOfSeq(document.events[1])];
    return {
      lane: 'documents',
      row,
      at: this.#index.documentAt(row),
      range: document.range,
      related: { chunks: this.#index.chunksOf(document.range), blocks, documents: [row, row] },
      chunk: null,
      block: withDataCut(block),
      fields: readFields(bytes, block.kind),
      payload: stateOf(document.text),
      text: document.text.slice(0, mostText),
      textLength: document.text.length,
      sources: await this.#documentSources(document, from),
    };
  }

  async #documentSources({ blocks, text, cut }: DocumentText, from: number): Promise<TextSource[]> {
    const bytes: BlockBytes[] = [];
    let length = -from;
    for (const block of blocks) {
      if (length > mostText) break;
      bytes.push(await this.#bytesOf(block.range));
      length += block.data.length;
    }
    const isWhole = bytes.length === blocks.length;
    const sources = textSources(bytes, from, isWhole && cut !== null ? cut.to : Number.POSITIVE_INFINITY);
    return text.length <= mostText ? sources : sources.filter((source) => source.from < mostText);
  }

  async #block(row: number): Promise<{ readonly block: Block; readonly bytes: BlockBytes }> {
    const [block] = await this.#blocks.read(row, row + 1, mostRead);
    if (block === undefined) throw new Error('The capture lacks a block that was read before.');
    const bytes = await this.#bytesOf(block.range);
    const chunks = this.#index.chunksOf(block.range);
    return { block: { ...block, chunks, lastEventId: await this.#lastEventId(row) }, bytes };
  }

  async #bytesOf({ start, end }: ByteRange): Promise<BlockBytes> {
    const bytes = await this.#body.read({ start, end: Math.min(end, start + mostRead) });
    const framing = this.#index.framingAt(start);
    return { framing, bytes, start, atBodyStart: this.#index.bodyStart(start) === start };
  }

  /** The last event ID string after a block. */
  async #lastEventId(row: number): Promise<string> {
    const change = this.#index.idChange(row);
    if (change === null) return '';
    const [block] = await this.#blocks.read(change, change + 1, mostRead);
    return block?.lastEventId ?? '';
  }
}

function withDataCut(block: Block): Block {
  return { ...block, data: block.data.slice(0, mostText) };
}

/** Where the data or the comments of a block are in the body. */
function sourcesOf({ kind }: Block, bytes: BlockBytes): TextSource[] {
  switch (kind) {
    case 'blank':
      return [];
    case 'comment':
      return commentSources(bytes);
    case 'event':
    case 'no-data':
    case 'discarded':
      return textSources([bytes], 0, mostText);
    default:
      return assertNever(kind);
  }
}

/** Where the comments of a block are in the body, a piece for each line. */
function commentSources(bytes: BlockBytes): TextSource[] {
  let from = 0;
  return readFields(bytes, 'comment').map(({ value, valueRange }) => {
    const source = { from, to: from + value.length, range: valueRange };
    from = source.to + 1;
    return source;
  });
}

/** The JSON state of a text, without its value, because the detail has the text. */
function stateOf(text: string): ItemDetail['payload'] {
  const { state, problem } = payloadOf(text);
  return { state, problem };
}
