import { mediaType, firstHeaderValue } from '../../core/headers.ts';
import type { CaptureTime } from '../../core/capture-time.ts';
import type { CaptureSummary, CaptureWarning } from '../../contract/capture-summary.ts';
import type { CaptureRecord, EndRecord, ResponseRecord } from '../../core/capture/record.ts';
import { StreamFacts } from '../../core/findings/facts/stream-facts.ts';
import type { JsonDocument } from '../../core/json/documents.ts';
import { StreamHead } from '../../core/llm/dialect.ts';
import { OutputCounter } from '../../core/metrics/output-counter.ts';
import { MetricsCounter } from '../../core/metrics/stream-metrics.ts';
import type { Block } from '../../core/sse/block.ts';

/** Characters of what a server or a file says that a summary carries. */
const mostText = 4096;

/** Adds up what a capture's summary says beside the rows, record by record. */
export class CaptureTally {
  status: number | null = null;
  contentType: string | null = null;
  end: CaptureSummary['end'] = null;
  wireBytes = 0;
  lastAt: CaptureTime = null;
  /** Times, rates and the model's output. */
  readonly metrics = new MetricsCounter();
  /** What findings are made from. Its records are given to it by the derivation, before the pipeline has them. */
  readonly facts = new StreamFacts();
  /** What tells its dialect besides its payloads. Its records are given to it by the derivation, as those of the facts. */
  readonly head: StreamHead;
  readonly #outputs: OutputCounter;
  #illFormed = 0;
  #cut = 0;

  /** @param url of the request */
  constructor(url: string) {
    this.head = new StreamHead(url);
    this.#outputs = new OutputCounter(this.metrics, this.head);
  }

  /** A record, after the pipeline had it. */
  record(record: CaptureRecord): void {
    this.metrics.record(record);
    if (record.at !== null) this.lastAt = Math.max(record.at, this.lastAt ?? record.at);
    switch (record.kind) {
      case 'chunk':
        this.wireBytes += record.wireBytes;
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
    this.facts.block(block);
    if (block.kind === 'event') this.metrics.event(block.at);
  }

  document(document: JsonDocument): void {
    this.facts.document(document);
    this.#outputs.document(document);
  }

  /** What of the content is worth a warning. */
  get warnings(): CaptureWarning[] {
    const warnings: CaptureWarning[] = [];
    const type = this.contentType;
    if (type !== null && this.status !== null && this.status < 300 && this.#isNoStream(type)) {
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

  /** Whether a content type is that of no stream, and the content, as far as it is there, is not one of JSON lines. */
  #isNoStream(type: string): boolean {
    return mediaType(type) !== 'text/event-stream' && this.facts.framing !== 'ndjson';
  }

  #response({ status, headers }: ResponseRecord): void {
    this.status = status;
    const type = firstHeaderValue(headers, 'content-type');
    this.contentType = type?.slice(0, mostText) ?? null;
  }

  #end({ reason, at, error }: EndRecord): void {
    const short = error && { code: error.code.slice(0, 100), message: error.message.slice(0, mostText) };
    this.end = { reason, at, error: short ?? null };
  }
}

function blocks(count: number): string {
  return count === 1 ? '1 block is' : `${count} blocks are`;
}
