import type { CaptureTime } from '../capture-time.ts';
import { type Block, noFlaws, noLog } from '../sse/block.ts';
import { type BlockLimits, defaultLimits } from '../sse/block-parser.ts';
import type { BlockPosition } from '../sse/block-reader.ts';
import { ByteBuffer } from '../sse/byte-buffer.ts';
import { bomLength, CR, LF } from '../sse/line-ending.ts';
import { decodeUtf8, isIllFormed, sequenceBoundary } from '../text/utf8.ts';

const SPACE = 0x20;
const TAB = 0x09;

/** A run of blank lines that may continue. */
interface BlankRun {
  start: number;
  end: number;
  readonly firstChunk: number;
  lastChunk: number;
  at: CaptureTime;
}

/**
 * Reads one body of JSON lines chunk by chunk. Each line becomes a block, as if it were the data of an event: later
 * steps treat both framings alike. Lines end in LF; a CR before it is JSON white space and not part of the data. A run
 * of lines with only white space is one `blank` block. The last line needs no line feed.
 */
export class LineReader {
  readonly #block: (block: Block) => void;
  readonly #lineLimit: number;
  readonly #lastEventId: string;
  #blocks: number;
  #events: number;
  #offset: number;
  /** The line that has not ended yet, where it begins, and the chunk of its first byte. */
  readonly #open: ByteBuffer;
  #lineStart: number;
  #lineChunk = 0;
  #blank: BlankRun | null = null;
  #chunk = 0;
  #at: CaptureTime = null;
  /** No line of this body has ended yet: the next may begin with a BOM. */
  #atBodyStart: boolean;
  /** The last line was mostly not ASCII. */
  #isWide = false;

  /**
   * @param block receives each block when it ends; a blank run when the next line ends
   * @param position where the body begins in its capture
   * @param atBodyStart false if the bytes are not the first of their body: no BOM precedes them
   */
  constructor(
    block: (block: Block) => void,
    position: BlockPosition,
    atBodyStart = true,
    limits: BlockLimits = defaultLimits,
  ) {
    this.#block = block;
    this.#lineLimit = limits.line;
    this.#lastEventId = position.lastEventId;
    this.#blocks = position.blocks;
    this.#events = position.events;
    this.#offset = position.offset;
    this.#lineStart = position.offset;
    this.#atBodyStart = atBodyStart;
    this.#open = new ByteBuffer(limits.line);
  }

  /** Where the next block begins. */
  get position(): BlockPosition {
    return {
      offset: this.#offset,
      blocks: this.#blocks,
      events: this.#events,
      lastEventId: this.#lastEventId,
    };
  }

  /**
   * Reads the next bytes of the body. The caller may reuse them afterwards.
   * @param chunk number of the chunk, ascending; empty chunks may be left out
   * @param at when the chunk arrived
   */
  push(bytes: Uint8Array, chunk: number, at: CaptureTime): void {
    if (bytes.length === 0) return;
    const base = this.#offset;
    this.#offset = base + bytes.length;
    this.#chunk = chunk;
    this.#at = at;
    if (this.#lineStart === base) this.#lineChunk = chunk;
    let from = 0;
    for (let to = bytes.indexOf(LF); to !== -1; to = bytes.indexOf(LF, from)) {
      if (this.#open.length === 0 && to - from <= this.#lineLimit) {
        this.#emitLine(bytes, from, to, base + to + 1, false);
      } else {
        this.#open.append(bytes, from, to);
        this.#emitOpen(base + to + 1, false);
      }
      from = to + 1;
    }
    if (from < bytes.length) this.#open.append(bytes, from, bytes.length);
  }

  /**
   * Ends the body. A last line without a line feed counts like any other.
   * @param isWhole the body is known to be complete
   */
  end(isWhole: boolean): void {
    if (this.#open.length > 0) this.#emitOpen(this.#offset, !isWhole);
    this.#emitBlankRun();
  }

  #emitOpen(end: number, unfinished: boolean): void {
    const { bytes, length } = this.#open;
    this.#emitLine(bytes, 0, length, end, unfinished);
    this.#open.clear();
  }

  /** A line has ended: bytes [from, to) without the line feed. The next line begins at `end` in the body. */
  #emitLine(bytes: Uint8Array, from: number, to: number, end: number, unfinished: boolean): void {
    const cut = this.#open.overflowed;
    const bom = this.#atBodyStart ? bomLength(bytes, from, to) : 0;
    this.#atBodyStart = false;
    const dataFrom = from + bom;
    if (!cut && isBlank(bytes, dataFrom, to)) {
      this.#addBlank(end);
    } else {
      this.#emitBlankRun();
      const dataTo = cut ? sequenceBoundary(bytes, dataFrom, to) : bytes[to - 1] === CR ? to - 1 : to;
      const data = decodeUtf8(bytes.subarray(dataFrom, dataTo), this.#isWide);
      this.#isWide = data.length < (dataTo - dataFrom) * 0.9;
      this.#block({
        framing: 'ndjson',
        index: this.#blocks++,
        kind: 'event',
        seq: this.#events++,
        range: { start: this.#lineStart, end },
        chunks: [this.#lineChunk, this.#chunk],
        at: this.#at,
        type: 'message',
        data,
        lastEventId: this.#lastEventId,
        retry: null,
        illFormed: isIllFormed(data, bytes, dataFrom, dataTo),
        cut,
        unfinished,
        flaws: noFlaws,
        log: noLog,
      });
    }
    this.#lineStart = end;
    // If the chunk ends here too, the next line begins in the next chunk.
    this.#lineChunk = this.#chunk;
  }

  #addBlank(end: number): void {
    if (this.#blank === null) {
      this.#blank = {
        start: this.#lineStart,
        end,
        firstChunk: this.#lineChunk,
        lastChunk: this.#chunk,
        at: this.#at,
      };
      return;
    }
    this.#blank.end = end;
    this.#blank.lastChunk = this.#chunk;
    this.#blank.at = this.#at;
  }

  #emitBlankRun(): void {
    if (this.#blank === null) return;
    const { start, end, firstChunk, lastChunk, at } = this.#blank;
    this.#blank = null;
    this.#block({
      framing: 'ndjson',
      index: this.#blocks++,
      kind: 'blank',
      seq: null,
      range: { start, end },
      chunks: [firstChunk, lastChunk],
      at,
      type: '',
      data: '',
      lastEventId: this.#lastEventId,
      retry: null,
      illFormed: false,
      cut: false,
      unfinished: false,
      flaws: noFlaws,
      log: noLog,
    });
  }
}

/**
 * Where the data of a JSON line is in its bytes: after a BOM, before the line ending, and no longer than the limit. The
 * same data that `LineReader` gives. `bytes` may end in the line feed.
 */
export function lineData(
  bytes: Uint8Array,
  atBodyStart: boolean,
  limit = defaultLimits.line,
): readonly [from: number, to: number] {
  const end = bytes[bytes.length - 1] === LF ? bytes.length - 1 : bytes.length;
  const from = atBodyStart ? bomLength(bytes, 0, Math.min(end, limit)) : 0;
  if (end > limit) return [from, sequenceBoundary(bytes, from, limit)];
  return [from, end > from && bytes[end - 1] === CR ? end - 1 : end];
}

/** Whether the bytes are all JSON white space. */
function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  for (; at < to; at++) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== CR) return false;
  }
  return true;
}
