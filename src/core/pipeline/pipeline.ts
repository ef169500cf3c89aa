import { assertNever } from '../assert-never.ts';
import type { CaptureRecord } from '../capture/record.ts';
import { FramedReader } from './framed-reader.ts';
import { framingOfHeaders, framingOfNote } from './framing.ts';
import { Documents, type JsonDocument } from '../json/documents.ts';
import { payloadOf, type Payload } from '../json/payload.ts';
import type { Block, Framing } from '../sse/block.ts';

/** Takes what the pipeline derives, in order. */
export interface PipelineSink {
  /** A block as it ends; with its payload where it dispatched an event. */
  block(block: Block, payload: Payload | null): void;
  /**
   * The block told last ended in a CR, and the next chunk began with the LF that belongs to it: its range and its
   * chunks are now these. Everything else of it is as told.
   */
  blockExtended(block: Block): void;
  /** A document, as soon as it is known to be one. */
  document(document: JsonDocument): void;
}

/**
 * Derives blocks, payloads and documents from the records of a capture. A pure fold: the same records give the same, and
 * the same bytes in other chunks differ in provenance (`chunks`, `at`) alone.
 */
export class Pipeline {
  readonly #sink: PipelineSink;
  readonly #reader: FramedReader;
  readonly #documents: Documents;
  #chunks = 0;
  /** The body has bytes, so that another response means another body. */
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
   * How the present body is cut into blocks, or the last one; null where neither its Content-Type nor its bytes have told
   * it yet.
   */
  get framing(): Framing | null {
    return this.#reader.framing;
  }

  push(record: CaptureRecord): void {
    switch (record.kind) {
      case 'chunk':
        // Chunks without bytes have numbers too: a decompressor that holds everything back is worth seeing.
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

/** Everything that a capture's records add up to, in memory. */
export interface Derived {
  readonly blocks: readonly Block[];
  /** One for each block, null where it dispatched nothing. */
  readonly payloads: readonly (Payload | null)[];
  readonly documents: readonly JsonDocument[];
}

/** Runs the pipeline over whole captures: for files that are read at once, tests and the command line. */
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
