import type { Framing } from '../sse/block.ts';
import type { CaptureTime } from '../capture-time.ts';
import { assertNever } from '../assert-never.ts';
import { framingOfContent, mostBlank } from './framing.ts';
import { LineReader } from '../ndjson/line-reader.ts';
import { BlockReader, type BlockSink } from '../sse/block-reader.ts';

/** A chunk at the beginning of a body whose framing is not known yet. */
interface HeldChunk {
  readonly bytes: Uint8Array;
  readonly chunk: number;
  readonly at: CaptureTime;
}

/** Reads the bodies of a capture one after the other, each in its own framing, into one sequence of blocks. */
export class FramedReader {
  readonly #sink: BlockSink;
  readonly #events: BlockReader;
  #lines: LineReader | null = null;
  #framing: Framing | null = null;
  /** Chunks of a body whose framing is not known: white space, less than `mostBlank` bytes. */
  #held: HeldChunk[] = [];
  #ended = false;

  constructor(sink: BlockSink) {
    this.#sink = sink;
    this.#events = new BlockReader(sink);
  }

  /** Framing of the current body, or of the last one until another begins; null while it is not known. */
  get framing(): Framing | null {
    return this.#framing;
  }

  /** Begins a body. `declared` is the framing that its Content-Type names; null decides by the content. */
  beginBody(declared: Framing | null): void {
    this.#ended = false;
    this.#framing = null;
    if (declared !== null) this.#choose(declared);
  }

  /** As `BlockReader.push`. */
  push(bytes: Uint8Array, chunk: number, at: CaptureTime): void {
    if (bytes.length === 0) return;
    if (this.#ended) this.beginBody(null);
    if (this.#framing === null) {
      const framing = framingOfContent(joined(this.#held, bytes));
      if (framing === null) {
        // A copy: the caller may reuse the bytes when this returns.
        this.#held.push({ bytes: bytes.slice(), chunk, at });
        return;
      }
      this.#choose(framing);
    }
    this.#read(bytes, chunk, at);
  }

  /**
   * Ends the body.
   * @param isWhole the body is known to be complete
   */
  endBody(isWhole: boolean): void {
    if (this.#framing === null) this.#choose('event-stream');
    this.#ended = true;
    if (this.#lines === null) {
      this.#events.endBody();
      return;
    }
    this.#lines.end(isWhole);
    this.#events.skipTo(this.#lines.position);
    this.#lines = null;
  }

  #choose(framing: Framing): void {
    this.#framing = framing;
    switch (framing) {
      case 'event-stream':
        break;
      case 'ndjson':
        this.#lines = new LineReader((block) => this.#sink.block(block), this.#events.position);
        break;
      default:
        assertNever(framing);
    }
    const held = this.#held;
    this.#held = [];
    for (const { bytes, chunk, at } of held) this.#read(bytes, chunk, at);
  }

  #read(bytes: Uint8Array, chunk: number, at: CaptureTime): void {
    (this.#lines ?? this.#events).push(bytes, chunk, at);
  }
}

function joined(held: readonly HeldChunk[], last: Uint8Array): Uint8Array {
  if (held.length === 0) return last;
  const start = last.subarray(0, mostBlank);
  const all = new Uint8Array(held.reduce((length, { bytes }) => length + bytes.length, start.length));
  let at = 0;
  for (const { bytes } of held) {
    all.set(bytes, at);
    at += bytes.length;
  }
  all.set(start, at);
  return all;
}
