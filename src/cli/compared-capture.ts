import type { Comparison } from '../core/compare/comparison.ts';
import { comparisonRecord, type ComparisonRecord } from '../core/compare/comparison-records.ts';
import { OutlineReader, type StreamOutline } from '../core/compare/stream-outline.ts';
import type { CaptureHeader, CaptureRecord } from '../core/capture/record.ts';
import { type CaptureInput, inputCaptures } from './capture-input.ts';
import { SummaryCounter, type SummaryRecord } from './capture-summary.ts';
import { displayPath, unreadable } from './command-failure.ts';

/** A capture, reduced to what a comparison needs. */
export interface ComparedCapture {
  /** A file or a URL. */
  readonly path: string;
  readonly outline: StreamOutline;
  readonly summary: SummaryRecord;
}

/** Reduces the records of a capture to a `ComparedCapture`. */
export class ComparedCaptureReader {
  readonly #path: string;
  readonly #outline: OutlineReader;
  readonly #counter: SummaryCounter;

  constructor(path: string, header: CaptureHeader) {
    this.#path = path;
    this.#outline = new OutlineReader(header.request.url);
    this.#counter = new SummaryCounter(header);
  }

  push(record: CaptureRecord): void {
    this.#outline.push(record);
    this.#counter.push(record);
  }

  /** Call after the last record. */
  end(): ComparedCapture {
    return { path: this.#path, outline: this.#outline.end(), summary: this.#counter.summary() };
  }
}

/**
 * Reads the first capture of a file.
 * @throws CommandFailure (unreadable)
 */
export async function readComparedCapture(
  input: CaptureInput,
  notify: (message: string) => void,
): Promise<ComparedCapture> {
  const { path } = input;
  let read: ComparedCapture | null = null;
  let count = 0;
  for await (const capture of inputCaptures(input, (message) => notify(`${displayPath(path)}: ${message}`))) {
    if (count++ > 0) continue;
    const reader = new ComparedCaptureReader(path, capture.header);
    for await (const record of capture.records()) reader.push(record);
    read = reader.end();
  }
  if (read === null) throw unreadable(`${displayPath(path)} contains no capture`);
  if (count > 1) notify(`${displayPath(path)} contains ${count} captures; comparing the first one`);
  return read;
}

/** Metrics of one capture, by name. Times in ms. */
export type Metrics = Readonly<Record<string, number | string | null>>;

/** The last record of `compare`. */
export interface ComparisonResult extends ComparisonRecord {
  readonly files: { readonly a: string; readonly b: string };
  readonly metrics: { readonly a: Metrics; readonly b: Metrics };
}

/** The record of a comparison, with both files and their metrics. */
export function comparisonResult(
  comparison: Comparison,
  a: ComparedCapture,
  b: ComparedCapture,
): ComparisonResult {
  const metrics = { a: metricsOf(a), b: metricsOf(b) };
  return { ...comparisonRecord(comparison), files: { a: a.path, b: b.path }, metrics };
}

export function metricsOf({ summary, outline }: ComparedCapture): Metrics {
  const { gaps, end } = summary;
  return {
    status: summary.status,
    firstByteAt: summary.firstByteAt,
    firstEventAt: summary.firstEventAt,
    firstTokenAt: summary.firstTokenAt,
    duration: summary.duration,
    tokens: summary.tokens?.count ?? null,
    tokensPerSecond: summary.tokensPerSecond,
    gapP50: gaps?.p50 ?? null,
    gapP95: gaps?.p95 ?? null,
    gapMax: gaps?.max ?? null,
    events: summary.events,
    comments: outline.comments,
    chunks: outline.chunks,
    arrivals: outline.arrivals,
    bytes: summary.bytes,
    wireBytes: summary.wireBytes,
    end: end === null ? 'none' : end.reason,
  };
}
