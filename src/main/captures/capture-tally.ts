import type { CaptureSummary, CaptureWarning } from '../../contract/capture-summary.ts';
import type { At, CaptureRecord, EndRecord, ResponseRecord } from '../../core/capture/record.ts';
import { GapHistogram } from '../../core/metrics/gap-histogram.ts';
import type { Block } from '../../core/sse/block.ts';

/** Media types that are streams of events or of JSON lines: nothing to warn of. */
const streamTypes = ['text/event-stream', 'application/x-ndjson', 'application/jsonl'];

/** Adds up what a capture's summary says beside the rows, record by record. */
export class CaptureTally {
  status: number | null = null;
  contentType: string | null = null;
  end: CaptureSummary['end'] = null;
  wireBytes = 0;
  firstByteAt: At = null;
  lastAt: At = null;
  readonly #gaps = new GapHistogram();
  #eventAt: At = null;
  #illFormed = 0;
  #cut = 0;

  record(record: CaptureRecord): void {
    if (record.at !== null) this.lastAt = Math.max(record.at, this.lastAt ?? record.at);
    switch (record.kind) {
      case 'chunk':
        this.wireBytes += record.wireBytes;
        if (record.bytes.length > 0) this.firstByteAt ??= record.at;
        return;
      case 'response':
        this.#response(record);
        return;
      case 'end':
        this.#end(record);
        return;
      case 'note':
    }
  }

  block(block: Block): void {
    if (block.illFormed) this.#illFormed += 1;
    if (block.cut) this.#cut += 1;
    if (block.kind !== 'event' || block.at === null) return;
    if (this.#eventAt !== null) this.#gaps.add(block.at - this.#eventAt);
    this.#eventAt = block.at;
  }

  get gaps(): CaptureSummary['gaps'] {
    const gaps = this.#gaps;
    return gaps.total === 0 ? null : { p50: gaps.quantile(0.5), p95: gaps.quantile(0.95), max: gaps.max };
  }

  /** What of the content is worth a warning. */
  get warnings(): CaptureWarning[] {
    const warnings: CaptureWarning[] = [];
    const type = this.contentType;
    if (type !== null && this.status !== null && this.status < 300 && !streamTypes.includes(essence(type))) {
      const message = `The response says it is ${type}, which is no event stream.`;
      warnings.push({ code: 'not-event-stream', message });
    }
    if (this.#illFormed > 0) {
      const message = `${blocks(this.#illFormed)} not well-formed UTF-8: U+FFFD is shown there. The bytes are kept exactly.`;
      warnings.push({ code: 'ill-formed-utf8', message });
    }
    if (this.#cut > 0) {
      const message = `${blocks(this.#cut)} too long to show whole. All of it is in the capture.`;
      warnings.push({ code: 'line-cut', message });
    }
    return warnings;
  }

  #response({ status, headers }: ResponseRecord): void {
    this.status = status;
    this.contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null;
  }

  #end({ reason, at, error }: EndRecord): void {
    this.end = { reason, at, error: error ?? null };
  }
}

function blocks(count: number): string {
  return count === 1 ? '1 block is' : `${count} blocks are`;
}

function essence(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}
