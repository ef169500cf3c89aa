import type { ByteRange } from '../../core/byte-range.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import type { Block, Framing } from '../../core/sse/block.ts';
import { assertNever } from '../../core/assert-never.ts';
import { LineReader } from '../../core/ndjson/line-reader.ts';
import { BlockReader } from '../../core/sse/block-reader.ts';
import type { BodyReader } from './body-reader.ts';

/** Most bytes of one read of several blocks. */
const runBytes = 1024 * 1024;

/** A block put before bytes from the middle of a body, so that a U+FEFF there is not taken for a BOM. */
const notAtStart = new TextEncoder().encode(':\n\n');

/** Reads blocks from the capture's file and parses them again. */
export class BlockTexts {
  readonly #index: CaptureIndex;
  readonly #body: BodyReader;

  constructor(index: CaptureIndex, body: BodyReader) {
    this.#index = index;
    this.#body = body;
  }

  /**
   * The blocks of rows [from, to) of the blocks lane. Of a block longer than `most` bytes only the beginning is read and
   * its data ends there. `lastEventId` and `chunks` are not filled in, `range` is.
   */
  async read(from: number, to: number, most: number): Promise<Block[]> {
    const blocks: Block[] = [];
    let row = from;
    while (row < to) {
      const { start } = this.#index.blockRange(row);
      const body = this.#index.bodyStart(start);
      let next = row + 1;
      let end = this.#index.blockRange(row).end;
      if (end - start <= most) {
        while (next < to) {
          const range = this.#index.blockRange(next);
          const fits = range.end - range.start <= most && range.end - start <= runBytes;
          if (!fits || this.#index.bodyStart(range.start) !== body) break;
          end = range.end;
          next += 1;
        }
      } else {
        end = start + most;
      }
      blocks.push(...this.#named(await this.parse({ start, end }, body), row, next));
      row = next;
    }
    return blocks;
  }

  /** Parses a range that begins with a block. `bodyStart`: where its response body begins. */
  async parse(range: ByteRange, bodyStart = this.#index.bodyStart(range.start)): Promise<Block[]> {
    const bytes = await this.#body.read(range);
    return parseBlocks(bytes, range.start === bodyStart, this.#index.framingAt(range.start));
  }

  /** Completes parsed blocks with what the index has. */
  #named(parsed: readonly Block[], from: number, to: number): Block[] {
    const blocks: Block[] = [];
    let { dispatched } = this.#index.countBefore(from);
    for (let row = from; row < to; row += 1) {
      const block = parsed[row - from];
      if (block === undefined) throw new Error('The capture lacks a block that was read before.');
      const { kind, range } = this.#index.block(row);
      const at = this.#index.blockAt(row);
      // A block that was read in part looks discarded.
      const type = kind === 'event' && block.type === '' ? 'message' : block.type;
      const seq = kind === 'event' ? dispatched : null;
      const unfinished = this.#index.isUnfinished(row);
      blocks.push({ ...block, index: row, kind, range, at, type, seq, unfinished });
      if (kind === 'event') dispatched += 1;
    }
    return blocks;
  }
}

/** Parses bytes that begin with a block; `atBodyStart` if that is the first of its body. */
export function parseBlocks(bytes: Uint8Array, atBodyStart: boolean, framing: Framing): Block[] {
  switch (framing) {
    case 'event-stream':
      return parseEventStream(bytes, atBodyStart);
    case 'ndjson':
      return parseLines(bytes, atBodyStart);
    default:
      return assertNever(framing);
  }
}

function parseEventStream(bytes: Uint8Array, atBodyStart: boolean): Block[] {
  const blocks: Block[] = [];
  const reader = new BlockReader({
    block: (block) => blocks.push(block),
    blockExtended: () => {},
  });
  if (!atBodyStart) reader.push(notAtStart, 0, null);
  reader.push(bytes, 1, null);
  reader.endBody();
  return atBodyStart ? blocks : blocks.slice(1);
}

function parseLines(bytes: Uint8Array, atBodyStart: boolean): Block[] {
  const blocks: Block[] = [];
  const position = { offset: 0, blocks: 0, events: 0, lastEventId: '' };
  const reader = new LineReader((block) => blocks.push(block), position, atBodyStart);
  reader.push(bytes, 0, null);
  reader.end(true);
  return blocks;
}
