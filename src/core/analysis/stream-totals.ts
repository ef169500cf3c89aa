import type { CaptureTime } from '../capture-time.ts';
import type { CaptureRecord, EndRecord, ResponseRecord } from '../capture/record.ts';
import { type DiagnosisInput, type DiagnosedRequest, StreamFacts } from '../findings/facts/stream-facts.ts';
import { firstHeaderValue, mediaType } from '../headers.ts';
import type { JsonDocument } from '../json/documents.ts';
import type { Payload } from '../json/payload.ts';
import { StreamHead } from '../llm/dialect.ts';
import { MetricsCounter } from '../metrics/stream-metrics.ts';
import { OutputCounter } from '../metrics/output-counter.ts';
import type { Block, Framing } from '../sse/block.ts';
import { Pipeline, type PipelineSink } from '../pipeline/pipeline.ts';

/** Documents of a stream in no known dialect that are still read for an error: a short stream may be an error alone. */
const MOST_UNRECOGNISED = 64;
/** Characters of a content type that a warning quotes. */
const MOST_TYPE = 4096;

/** A problem of a stream's content that the user has to know about. */
export interface ContentWarning {
  readonly code: 'not-event-stream' | 'ill-formed-utf8' | 'line-cut';
  /** A sentence. */
  readonly message: string;
}

/** The message part of a diagnosis. */
export type MessageFacts = Pick<DiagnosisInput, 'problems' | 'messageEnd'>;

/**
 * What the records of one stream add up to, at a fixed size however long it is: facts, metrics, warnings and its end. The
 * window, `check`, `inspect` and the probes all use this class, so that they agree. Messages are assembled elsewhere: see
 * `Analysis`.
 */
export class StreamTotals {
  readonly facts = new StreamFacts();
  readonly metrics = new MetricsCounter();
  /** What suggests the stream's dialect besides its payloads. */
  readonly head: StreamHead;
  readonly #request: DiagnosedRequest;
  readonly #sink: PipelineSink;
  readonly #pipeline: Pipeline;
  readonly #outputs: OutputCounter;
  #lastAt: CaptureTime = null;
  #documents = 0;
  #illFormed = 0;
  #cut = 0;

  /** @param sink takes what the pipeline derives, after it was counted */
  constructor(request: DiagnosedRequest, sink: PipelineSink) {
    this.#request = request;
    this.#sink = sink;
    this.head = new StreamHead(request.url);
    this.#outputs = new OutputCounter(this.metrics, this.head);
    this.#pipeline = new Pipeline({
      block: (block, payload) => this.#block(block, payload),
      blockExtended: (block) => sink.blockExtended(block),
      document: (document) => this.#document(document),
    });
  }

  push(record: CaptureRecord): void {
    // A chunk's facts come before its blocks, which are compared with them.
    this.facts.record(record);
    this.head.record(record);
    this.#pipeline.push(record);
    this.metrics.record(record);
    if (record.at !== null) this.#lastAt = Math.max(record.at, this.#lastAt ?? record.at);
  }

  /** There are no more records: gives a stream without an end record one that says so. */
  finish(): void {
    if (this.end === null) this.push(recordingStopped(this.#lastAt));
  }

  /** The last response so far. */
  get response(): ResponseRecord | null {
    return this.facts.response;
  }

  /** The last response's Content-Type as sent. */
  get contentType(): string | null {
    return this.response === null ? null : firstHeaderValue(this.response.headers, 'content-type');
  }

  get end(): EndRecord | null {
    return this.facts.end;
  }

  /** Time of the latest record. */
  get lastAt(): CaptureTime {
    return this.#lastAt;
  }

  /** As `Pipeline.framing`. */
  get framing(): Framing | null {
    return this.#pipeline.framing;
  }

  get warnings(): ContentWarning[] {
    const warnings: ContentWarning[] = [];
    const { response, contentType } = this;
    if (response !== null && response.status < 300 && !this.#isStream) {
      const what = contentType === null ? 'has no Content-Type' : `is ${contentType.slice(0, MOST_TYPE)}`;
      warnings.push({ code: 'not-event-stream', message: `The response ${what}, not text/event-stream.` });
    }
    if (this.#illFormed > 0) {
      const message = `${blocks(this.#illFormed, 'contains', 'contain')} invalid UTF-8, shown as U+FFFD. The capture has the original bytes.`;
      warnings.push({ code: 'ill-formed-utf8', message });
    }
    if (this.#cut > 0) {
      const message = `${blocks(this.#cut, 'is', 'are')} too long to be shown in full. The capture has all bytes.`;
      warnings.push({ code: 'line-cut', message });
    }
    return warnings;
  }

  /** Whether the stream can hold a message: it speaks a dialect, or is short enough to be an error alone. */
  get mayHaveMessage(): boolean {
    return this.metrics.dialect !== null || this.#documents <= MOST_UNRECOGNISED;
  }

  /**
   * What the findings are made from.
   *
   * @param now as in `MetricsCounter.metrics`
   * @param message what was found while its messages were assembled; ignored unless `mayHaveMessage`
   */
  diagnosed(now: CaptureTime, message: MessageFacts): DiagnosisInput {
    const { problems, messageEnd }: MessageFacts = this.mayHaveMessage
      ? message
      : { problems: [], messageEnd: 'none' };
    const metrics = this.metrics.metrics(now);
    const { dialect } = metrics;
    return { request: this.#request, facts: this.facts, metrics, dialect, problems, messageEnd };
  }

  #block(block: Block, payload: Payload | null): void {
    if (block.illFormed) this.#illFormed += 1;
    if (block.cut) this.#cut += 1;
    this.facts.block(block);
    if (block.kind === 'event') this.metrics.event(block.at);
    this.#sink.block(block, payload);
  }

  #document(document: JsonDocument): void {
    this.#documents += 1;
    this.facts.document(document);
    this.#outputs.document(document);
    this.#sink.document(document);
  }

  get #isStream(): boolean {
    return mediaType(this.contentType ?? '') === 'text/event-stream' || this.framing === 'ndjson';
  }
}

/**
 * The end of a capture that has no end record: the program or the machine stopped during the recording. What came after
 * `at` is not known.
 */
export function recordingStopped(at: CaptureTime): EndRecord {
  const message = 'The recording stopped here, before the stream ended.';
  return { kind: 'end', at, reason: 'premature-close', error: { code: 'RECORDING_STOPPED', message } };
}

function blocks(count: number, one: string, many: string): string {
  return count === 1 ? `1 block ${one}` : `${count} blocks ${many}`;
}
