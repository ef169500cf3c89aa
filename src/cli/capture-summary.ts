import { StreamTotals } from '../core/analysis/stream-totals.ts';
import type { CaptureHeader, CaptureRecord, CaptureRequest, EndRecord } from '../core/capture/record.ts';
import { redactRequest } from '../core/capture/redact.ts';
import { payloadStates, type PayloadState } from '../core/json/payload.ts';
import type { StreamMetrics } from '../core/metrics/stream-metrics.ts';
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
  readonly #totals: StreamTotals;
  readonly #blocks = zeroCounts(blockKinds);
  readonly #documents = zeroCounts(payloadStates);
  readonly #problems: { code: string; message: string }[] = [];
  #hasEnd = false;

  /** @param onBlock called with each block, which the next chunk may still extend by a line feed */
  constructor(header: CaptureHeader, onBlock: (block: Block) => void = () => undefined) {
    this.#header = header;
    this.#totals = new StreamTotals(header.request, {
      block: (block) => {
        this.#blocks[block.kind]++;
        onBlock(block);
      },
      blockExtended: () => undefined,
      document: ({ state }) => {
        this.#documents[state]++;
      },
    });
  }

  /** Adds a problem of the file. */
  problem(code: string, message: string): void {
    this.#problems.push({ code, message });
  }

  push(record: CaptureRecord): void {
    this.#totals.push(record);
    if (record.kind === 'end') this.#hasEnd = true;
  }

  /** Call after the last record. */
  summary(): SummaryRecord {
    this.#totals.finish();
    const { request, startedAt, name } = this.#header;
    const { facts, response, lastAt } = this.#totals;
    const metrics = this.#totals.metrics.metrics(lastAt);
    return {
      name: name ?? null,
      request: redactRequest(request),
      startedAt,
      status: response?.status ?? null,
      contentType: this.#totals.contentType,
      framing: this.#totals.framing,
      httpVersion: response?.httpVersion || null,
      responses: facts.responses,
      chunks: facts.chunks,
      blocks: { ...this.#blocks },
      events: this.#blocks.event,
      documents: { ...this.#documents },
      bytes: facts.bytes,
      wireBytes: facts.wireBytes,
      firstByteAt: metrics.firstByteAt,
      firstEventAt: metrics.firstEventAt,
      duration: lastAt,
      gaps: metrics.gaps,
      stalls: metrics.stallCount,
      dialect: metrics.dialect,
      firstTokenAt: metrics.firstTokenAt,
      tokens: metrics.tokens,
      tokensPerSecond: metrics.tokensPerSecond,
      bytesPerToken: metrics.bytesPerToken,
      end: this.#hasEnd ? endSummary(this.#totals.end) : null,
      warnings: this.#warnings(),
    };
  }

  #warnings(): SummaryRecord['warnings'] {
    const warnings = [...this.#problems, ...this.#totals.warnings];
    if (!this.#hasEnd) warnings.push({ code: 'no-end', message: 'The capture has no end record' });
    return warnings;
  }
}

function endSummary(end: EndRecord | null): SummaryRecord['end'] {
  if (end === null) return null;
  const { at, reason, error } = end;
  return { at, reason, ...(error === undefined ? {} : { error }) };
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
