import type { ByteRange } from '../../core/byte-range.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import type { IndexedDocument } from '../../core/capture/index/document-rows.ts';
import type { Block } from '../../core/sse/block.ts';
import type { BlockTexts } from './block-texts.ts';

/** A row of the documents lane with its text. */
export interface DocumentText extends IndexedDocument {
  readonly row: number;
  /** From the first byte of its first event to the last of its last. */
  readonly range: ByteRange;
  /** The JSON text, or its beginning if `most` cut it. */
  readonly text: string;
  /** The events with its text, as far as they were read. */
  readonly blocks: readonly Block[];
}

/** Reads the texts of documents back from the capture's file. */
export class DocumentTexts {
  readonly #index: CaptureIndex;
  readonly #blocks: BlockTexts;

  constructor(index: CaptureIndex, blocks: BlockTexts) {
    this.#index = index;
    this.#blocks = blocks;
  }

  /** The documents of some rows, ascending. Of the events of each at most about `most` bytes are read. */
  async read(rows: readonly number[], most: number): Promise<DocumentText[]> {
    const wanted = rows.map((row) => ({ row, ...this.#place(row, most) }));
    const read = new Map<number, Block>();
    for (const [first, last] of overlaps(wanted)) {
      for (const block of await this.#blocks.read(first, last + 1, most)) read.set(block.index, block);
    }
    return wanted.map(({ row, document, first, last, lastRead, range }) => {
      const blocks: Block[] = [];
      for (let at = first; at <= lastRead; at += 1) {
        const block = read.get(at);
        if (block?.kind === 'event') blocks.push(block);
      }
      return { ...document, row, range, text: textOf(document, blocks, lastRead === last), blocks };
    });
  }

  #place(row: number, most: number): Place {
    const document = this.#index.document(row);
    const first = this.#index.blockOfSeq(document.events[0]);
    const last = this.#index.blockOfSeq(document.events[1]);
    const { start } = this.#index.blockRange(first);
    const range = { start, end: this.#index.blockRange(last).end };
    const lastRead =
      range.end - start <= most
        ? last
        : Math.max(first, this.#index.blocksOf({ start, end: start + most })?.[1] ?? first);
    return { document, first, last, lastRead: Math.min(last, lastRead), range };
  }
}

interface Place {
  readonly document: IndexedDocument;
  /** Rows of the blocks lane: the first and last of the document, and the last to read. */
  readonly first: number;
  readonly last: number;
  readonly lastRead: number;
  readonly range: ByteRange;
}

function textOf(document: IndexedDocument, blocks: readonly Block[], whole: boolean): string {
  const { cut } = document;
  return blocks
    .map(({ data }, at) => {
      const from = at === 0 ? (cut?.from ?? 0) : 0;
      const to = whole && at === blocks.length - 1 ? (cut?.to ?? data.length) : data.length;
      return data.slice(from, to);
    })
    .join('');
}

/** Joins adjacent and overlapping spans of rows, so that nothing is read twice. */
function overlaps(
  places: readonly { readonly first: number; readonly lastRead: number }[],
): [number, number][] {
  const joined: [number, number][] = [];
  for (const { first, lastRead } of places) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], lastRead);
    else joined.push([first, lastRead]);
  }
  return joined;
}
