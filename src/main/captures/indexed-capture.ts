import { performance } from 'node:perf_hooks';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { StreamTotals } from '../../core/analysis/stream-totals.ts';
import { assertNever } from '../../core/assert-never.ts';
import { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import type { CaptureRecord, CaptureRequest } from '../../core/capture/record.ts';
import type { CaptureTime } from '../../core/capture-time.ts';
import { chunkHead } from './capture-frame.ts';
import { RecordMap } from './record-map.ts';

/** What is kept in memory of a capture's records: the index of their content and what they add up to. */
export class IndexedCapture {
  readonly index = new CaptureIndex();
  readonly totals: StreamTotals;
  readonly map: RecordMap;
  /** When the newest record was taken, on this process's clock. */
  #takenAt = 0;

  /** @param start where the first record begins in the file */
  constructor(start: number, request: CaptureRequest) {
    this.map = new RecordMap(this.index, start);
    this.totals = new StreamTotals(request, {
      block: (block, payload) => this.index.addBlock(block, payload?.state ?? null),
      blockExtended: (block) => this.index.extendBlock(block.range.end),
      document: (document) => this.index.addDocument(document),
    });
  }

  /** Bytes of memory. */
  get memory(): number {
    return this.index.memory + this.map.memory;
  }

  /** Takes the next record, which is in the file already, with `size` bytes. */
  push(record: CaptureRecord, size: number): void {
    switch (record.kind) {
      case 'chunk': {
        const extra = size - chunkHead - record.bytes.length;
        if (extra > 0) this.map.add('extra', extra);
        // The chunk first: the blocks that end in it refer to it.
        this.index.addChunk(record.at, record.bytes.length);
        this.totals.push(record);
        break;
      }
      case 'response':
      case 'note':
      case 'end':
        this.map.add(record.kind, size);
        this.totals.push(record);
        if (record.kind !== 'note' || record.note === 'reconnect') this.index.beginBody();
        break;
      default:
        assertNever(record);
    }
    this.#takenAt = performance.now();
  }

  /** There are no more records: see `StreamTotals.finish`. */
  finish(): void {
    this.totals.finish();
  }

  /** The present, ms since the request began: the latest record's time plus the time since it was taken. Null before the first. */
  get now(): CaptureTime {
    const { lastAt } = this.totals;
    return lastAt === null ? null : lastAt + performance.now() - this.#takenAt;
  }

  /** Of the whole body, or of the last second while it streams. */
  rates(isStreaming: boolean): CaptureSummary['rates'] {
    const { lastAt, metrics } = this.totals;
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
