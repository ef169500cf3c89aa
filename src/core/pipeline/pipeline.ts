import { assertNever } from '../assert-never.ts';
import type { CaptureRecord } from '../capture/record.ts';
import { FramedReader } from './framed-reader.ts';
import { framingOfHeaders, framingOfNote } from './framing.ts';
import { Documents, type JsonDocument } from '../json/documents.ts';
import { payloadOf, type Payload } from '../json/payload.ts';
import type { Block, Framing } from '../sse/block.ts';

/** Receives what the pipeline derives, in order. */
export interface PipelineSink {
  /** A block that ended, and its payload if it dispatched an event. */
  block(block: Block, payload: Payload | null): void;
  /**
   * The last reported block ended in CR, and the next chunk began with the LF that belongs to it. Only its range and
   * chunks change.
   */
  blockExtended(block: Block): void;
  /** A document, as soon as it is recognised. */
  document(document: JsonDocument): void;
}

/**
 * Derives blocks, payloads and documents from the records of a capture. A pure fold: the same records give the same
 * result, and the same bytes in other chunks differ only in provenance (`chunks`, `at`).
 */
export class Pipeline {
  readonly #sink: PipelineSink;
  readonly #reader: FramedReader;
  readonly #documents: Documents;
  #chunks = 0;
  /** The current body has bytes: the next response begins another body. */
  #hasBytes = false;

  constructor(sink: PipelineSink) {
    this.#sink = sink;
    this.#documents = new Documents((document) => sink.document(document));
    this.#reader = new FramedReader({
      block: (block) => this.#takeBlock(block),
      blockExtended: (block) => sink.blockExtended(block),
    });
  }

  /**
   * How the current body is divided into blocks, or the last one; null while it is not known.
   */
  get framing(): Framing | null {
    return this.#reader.framing;
  }

  push(record: CaptureRecord): void {
    switch (record.kind) {
      case 'chunk':
        // Empty chunks are numbered too: they show a decompressor that holds everything back.
        this.#reader.push(record.bytes, this.#chunks++, record.at);
        if (record.bytes.length > 0) this.#hasBytes = true;
        return;
      case 'response':
        this.#endBody(false);
        this.#reader.beginBody(framingOfHeaders(record.headers));
        return;
      case 'note':
        if (record.note === 'reconnect') {
          this.#endBody(record.fields['reason'] === 'complete');
          this.#reader.beginBody(null);
        } else if (!this.#hasBytes) {
          const framing = framingOfNote(record);
          if (framing !== null) this.#reader.beginBody(framing);
        }
        return;
      case 'end':
        this.#endBody(record.reason === 'complete');
        return;
      default:
        assertNever(record);
    }
  }

  #endBody(isWhole: boolean): void {
    if (!this.#hasBytes) return;
    this.#hasBytes = false;
    this.#reader.endBody(isWhole);
    this.#documents.end();
  }

  #takeBlock(block: Block): void {
    if (block.seq === null) {
      this.#sink.block(block, null);
      return;
    }
    const payload = payloadOf(block.data);
    this.#sink.block(block, payload);
    this.#documents.push({ seq: block.seq, block: block.index, data: block.data, payload, at: block.at });
  }
}

/** Everything derived from the records of a capture, in memory. */
export interface Derived {
  readonly blocks: readonly Block[];
  /** One per block; null where it dispatched nothing. */
  readonly payloads: readonly (Payload | null)[];
  readonly documents: readonly JsonDocument[];
}

/** Runs the pipeline over a whole capture in memory. */
export function derive(records: Iterable<CaptureRecord>): Derived {
  const blocks: Block[] = [];
  const payloads: (Payload | null)[] = [];
  const documents: JsonDocument[] = [];
  const pipeline = new Pipeline({
    block(block, payload) {
      blocks.push(block);
      payloads.push(payload);
    },
    blockExtended(block) {
      blocks[block.index] = block;
    },
    document(document) {
      documents.push(document);
    },
  });
  for (const record of records) pipeline.push(record);
  return { blocks, payloads, documents };
}
