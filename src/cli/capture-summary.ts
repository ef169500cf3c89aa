import { mediaType, firstHeaderValue } from '../core/headers.ts';
import type {
  CaptureHeader,
  CaptureRecord,
  CaptureRequest,
  EndRecord,
  ResponseRecord,
} from '../core/capture/record.ts';
import { redactRequest } from '../core/capture/redact.ts';
import type { Derivation } from '../core/export/derivations.ts';
import { framingOfHeaders } from '../core/pipeline/framing.ts';
import type { JsonDocument } from '../core/json/documents.ts';
import { payloadStates, type PayloadState } from '../core/json/payload.ts';
import { StreamHead } from '../core/llm/dialect.ts';
import { OutputCounter } from '../core/metrics/output-counter.ts';
import { MetricsCounter, type StreamMetrics } from '../core/metrics/stream-metrics.ts';
import { blockKinds, type Block, type BlockKind, type Framing } from '../core/sse/block.ts';
import { zeroCounts } from '../core/vocabulary.ts';
import type { Output } from './output.ts';
import { styled } from './styled-text.ts';

/** The record of `--as summary`. Times in ms since the request began; null if unknown. */
export interface SummaryRecord {
  readonly name: string | null;
  readonly request: CaptureRequest;
  readonly startedAt: string;
  /** Of the last response; null without one. */
  readonly status: number | null;
  readonly contentType: string | null;
  /** How the last body is framed; null if neither its content type nor a block shows it. */
  readonly framing: Framing | null;
  readonly httpVersion: string | null;
  /** More than one if the client reconnected. */
  readonly responses: number;
  readonly chunks: number;
  readonly blocks: Readonly<Record<BlockKind, number>>;
  /** Dispatched events. */
  readonly events: number;
  readonly documents: Readonly<Record<PayloadState, number>>;
  /** Decoded body bytes, and bytes on the wire before content decoding. */
  readonly bytes: number;
  readonly wireBytes: number;
  readonly firstByteAt: number | null;
  readonly firstEventAt: number | null;
  /** Until the last record. */
  readonly duration: number | null;
  /** Gaps between outputs: a model's deltas, or events in a stream of no known dialect. */
  readonly gaps: StreamMetrics['gaps'];
  readonly stalls: number;
  readonly dialect: StreamMetrics['dialect'];
  readonly firstTokenAt: number | null;
  readonly tokens: StreamMetrics['tokens'];
  readonly tokensPerSecond: number | null;
  /** Body bytes for each token: what framing and JSON cost. */
  readonly bytesPerToken: number | null;
  /** Null if the capture has no end record. */
  readonly end: Pick<EndRecord, 'at' | 'reason' | 'error'> | null;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** Builds the summary of one capture from its records. */
export class SummaryCounter {
  readonly #header: CaptureHeader;
  readonly #metrics = new MetricsCounter();
  readonly #head: StreamHead;
  readonly #outputs: OutputCounter;
  readonly #blocks = zeroCounts(blockKinds);
  readonly #documents = zeroCounts(payloadStates);
  readonly #problems: { code: string; message: string }[] = [];
  #response: ResponseRecord | null = null;
  #responses = 0;
  #end: EndRecord | null = null;
  #chunks = 0;
  #bytes = 0;
  #wireBytes = 0;
  #lastAt: number | null = null;
  #illFormed = 0;
  #cut = 0;
  #framing: Framing | null = null;

  constructor(header: CaptureHeader) {
    this.#header = header;
    this.#head = new StreamHead(header.request.url);
    this.#outputs = new OutputCounter(this.#metrics, this.#head);
  }

  /** Dispatched events so far. */
  get events(): number {
    return this.#blocks.event;
  }

  get response(): ResponseRecord | null {
    return this.#response;
  }

  /** Adds a problem of the file. */
  problem(code: string, message: string): void {
    this.#problems.push({ code, message });
  }

  record(record: CaptureRecord): void {
    this.#lastAt = record.at ?? this.#lastAt;
    this.#head.record(record);
    this.#metrics.record(record);
    if (record.kind === 'response') {
      this.#response = record;
      this.#responses++;
      this.#framing = framingOfHeaders(record.headers);
    } else if (record.kind === 'end') this.#end = record;
    else if (record.kind === 'chunk') {
      this.#chunks++;
      this.#bytes += record.bytes.length;
      this.#wireBytes += record.wireBytes;
    }
  }

  derivation(item: Derivation): void {
    if (item.kind === 'block') this.block(item.block);
    else this.document(item.document);
  }

  block(block: Block): void {
    this.#blocks[block.kind]++;
    this.#framing = block.framing;
    if (block.illFormed) this.#illFormed++;
    if (block.cut) this.#cut++;
    if (block.kind === 'event') this.#metrics.event(block.at);
  }

  document(document: JsonDocument): void {
    this.#documents[document.state]++;
    this.#outputs.document(document);
  }

  summary(): SummaryRecord {
    const { request, startedAt, name } = this.#header;
    const metrics = this.#metrics.metrics(this.#lastAt);
    return {
      name: name ?? null,
      request: redactRequest(request),
      startedAt,
      status: this.#response?.status ?? null,
      contentType: this.#contentType(),
      framing: this.#framing,
      httpVersion: this.#response?.httpVersion || null,
      responses: this.#responses,
      chunks: this.#chunks,
      blocks: { ...this.#blocks },
      events: this.#blocks.event,
      documents: { ...this.#documents },
      bytes: this.#bytes,
      wireBytes: this.#wireBytes,
      firstByteAt: metrics.firstByteAt,
      firstEventAt: metrics.firstEventAt,
      duration: this.#lastAt,
      gaps: metrics.gaps,
      stalls: metrics.stallCount,
      dialect: metrics.dialect,
      firstTokenAt: metrics.firstTokenAt,
      tokens: metrics.tokens,
      tokensPerSecond: metrics.tokensPerSecond,
      bytesPerToken: metrics.bytesPerToken,
      end: this.#endSummary(),
      warnings: this.#warnings(),
    };
  }

  #contentType(): string | null {
    return firstHeaderValue(this.#response?.headers ?? [], 'content-type');
  }

  #endSummary(): SummaryRecord['end'] {
    if (this.#end === null) return null;
    const { at, reason, error } = this.#end;
    return { at, reason, ...(error === undefined ? {} : { error }) };
  }

  #warnings(): SummaryRecord['warnings'] {
    const warnings = [...this.#problems];
    const contentType = this.#contentType();
    const isStream = mediaType(contentType ?? '') === 'text/event-stream' || this.#framing === 'ndjson';
    if (this.#response !== null && !isStream) {
      const what = contentType === null ? 'has no content type' : `is ${contentType}`;
      warnings.push({ code: 'not-event-stream', message: `The response ${what}, not text/event-stream` });
    }
    if (this.#illFormed > 0) {
      const what = `${this.#illFormed} blocks contain invalid UTF-8, shown as U+FFFD`;
      warnings.push({ code: 'ill-formed-utf8', message: what });
    }
    if (this.#cut > 0) {
      const what = `${this.#cut} blocks are truncated for display; the capture has all of their bytes`;
      warnings.push({ code: 'line-cut', message: what });
    }
    if (this.#end === null) {
      warnings.push({ code: 'no-end', message: 'The capture has no end record' });
    }
    return warnings;
  }
}

/** Prints a summary for people. */
export async function printSummary(output: Output, summary: SummaryRecord): Promise<void> {
  for (const [label, text] of summaryLines(summary)) {
    await output.writeLine([styled('dim', label.padEnd(12)), text], 12);
  }
  await output.writeLine('');
}

/** The lines of a summary. */
function* summaryLines(summary: SummaryRecord): Generator<readonly [label: string, text: string]> {
  const { request, end, gaps, tokens } = summary;
  if (summary.name !== null) yield ['name', summary.name];
  yield ['request', `${request.method} ${request.url} (${request.client})`];
  yield ['started', summary.startedAt];
  const version = summary.httpVersion === null ? '' : ` ${summary.httpVersion}`;
  const answer = `${summary.status}${version} ${summary.contentType ?? ''}`;
  yield ['response', summary.status === null ? 'none' : answer.trim()];
  if (summary.responses > 1) yield ['responses', String(summary.responses)];
  yield ['body', `${summary.bytes} bytes in ${summary.chunks} chunks, ${summary.wireBytes} on the wire`];
  if (summary.framing === 'ndjson') yield ['framing', 'JSON lines: each line is an event'];
  yield ['blocks', counts(summary.blocks)];
  yield ['documents', counts(summary.documents)];
  if (summary.firstByteAt !== null) yield ['first byte', ms(summary.firstByteAt)];
  if (summary.firstEventAt !== null) yield ['first event', ms(summary.firstEventAt)];
  if (gaps !== null) yield ['gaps', `p50 ${ms(gaps.p50)}, p95 ${ms(gaps.p95)}, max ${ms(gaps.max)}`];
  if (summary.stalls > 0) yield ['stalls', String(summary.stalls)];
  if (summary.dialect !== null) yield ['dialect', summary.dialect];
  if (summary.firstTokenAt !== null) yield ['first token', ms(summary.firstTokenAt)];
  if (tokens !== null) {
    const rate = summary.tokensPerSecond === null ? '' : `, ${summary.tokensPerSecond.toFixed(1)} a second`;
    yield ['tokens', `${tokens.count} (${tokens.source})${rate}`];
  }
  if (summary.duration !== null) yield ['duration', ms(summary.duration)];
  if (end !== null)
    yield ['end', end.error === undefined ? end.reason : `${end.reason}: ${end.error.message}`];
  for (const { message } of summary.warnings) yield ['warning', message];
}

function counts(numbers: Readonly<Record<string, number>>): string {
  const texts = Object.entries(numbers).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  return texts.length === 0 ? 'none' : texts.join(', ');
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
