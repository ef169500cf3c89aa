import type { Framing } from '../../core/sse/block.ts';
import type { CaptureTime } from '../../core/capture-time.ts';
import { performance } from 'node:perf_hooks';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { assertNever } from '../../core/assert-never.ts';
import { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import type { CaptureRecord } from '../../core/capture/record.ts';
import { Pipeline } from '../../core/pipeline/pipeline.ts';
import { chunkHead } from './capture-frame.ts';
import { CaptureTally } from './capture-tally.ts';
import { RecordMap } from './record-map.ts';
import { recordingStopped } from './recording-stopped.ts';

/**
 * What is kept in memory of a capture's records: they go through the pipeline, and what it derives goes into the index and
 * the tally. The records themselves are on disk and are let go of.
 */
export class Derivation {
  readonly index = new CaptureIndex();
  readonly tally: CaptureTally;
  readonly map: RecordMap;
  readonly #pipeline: Pipeline;
  /** When the newest record was taken, on this process's clock. */
  #takenAt = 0;

  /**
   * @param start where the first record begins in the file
   * @param url of the request
   */
  constructor(start: number, url: string) {
    this.tally = new CaptureTally(url);
    this.map = new RecordMap(this.index, start);
    this.#pipeline = new Pipeline({
      block: (block, payload) => {
        this.index.addBlock(block, payload?.state ?? null);
        this.tally.block(block);
      },
      blockExtended: (block) => this.index.extendBlock(block.range.end),
      document: (document) => {
        this.index.addDocument(document);
        this.tally.document(document);
      },
    });
  }

  /** As `Pipeline.framing`. */
  get framing(): Framing | null {
    return this.#pipeline.framing;
  }

  /** Bytes of memory that it takes. */
  get memory(): number {
    return this.index.memory + this.map.memory;
  }

  /** Takes the next record, which takes `size` bytes in the file and is there already. */
  push(record: CaptureRecord, size: number): void {
    // The facts of a chunk come before its blocks, which are compared with them.
    this.tally.facts.record(record);
    this.tally.head.record(record);
    switch (record.kind) {
      case 'chunk': {
        const beside = size - chunkHead - record.bytes.length;
        if (beside > 0) this.map.add('extra', beside);
        // The chunk first: the blocks that end in it are found by it.
        this.index.addChunk(record.at, record.bytes.length);
        this.#pipeline.push(record);
        break;
      }
      case 'response':
      case 'note':
      case 'end':
        this.map.add(record.kind, size);
        this.#pipeline.push(record);
        if (record.kind !== 'note' || record.note === 'reconnect') this.index.beginBody();
        break;
      default:
        assertNever(record);
    }
    this.tally.record(record);
    this.#takenAt = performance.now();
  }

  /** Ends a capture that has no end record. */
  stopHere(): void {
    const end = recordingStopped(this.tally.lastAt);
    this.tally.facts.record(end);
    this.#pipeline.push(end);
    this.tally.record(end);
  }

  /** The present, ms since the request began: later than the newest record by the time since it was taken; null before the first. */
  get now(): CaptureTime {
    const { lastAt } = this.tally;
    return lastAt === null ? null : lastAt + performance.now() - this.#takenAt;
  }

  /** Over the whole body; while it streams, of the last second up to this very moment. */
  rates(isStreaming: boolean): CaptureSummary['rates'] {
    const { lastAt, metrics } = this.tally;
    const { firstByteAt } = metrics;
    if (firstByteAt === null || lastAt === null) return null;
    const { index } = this;
    if (!isStreaming) {
      const seconds = (lastAt - firstByteAt) / 1000;
      if (seconds <= 0) return null;
      return { eventsPerSecond: index.dispatched / seconds, bytesPerSecond: index.bytes / seconds };
    }
    const now = this.now ?? lastAt;
    const span = Math.min(1000, Math.max(1, now - firstByteAt));
    const chunk = index.chunkAtTime(now - span);
    const start = chunk < index.chunks ? index.chunkRange(chunk).start : index.bytes;
    const { dispatched } = index.countBefore(index.blockToldFrom(start));
    return {
      eventsPerSecond: ((index.dispatched - dispatched) * 1000) / span,
      bytesPerSecond: ((index.bytes - start) * 1000) / span,
    };
  }
}
