import { llmEvent } from '../llm/assembly.ts';
import type { CaptureTime } from '../capture-time.ts';
import type { CaptureRecord, EndReason } from '../capture/record.ts';
import { diagnose } from '../findings/diagnose.ts';
import type { Finding } from '../findings/finding.ts';
import { type Diagnosis, diagnosisOf } from '../findings/diagnosis.ts';
import { type DiagnosisInput, type DiagnosedRequest, StreamFacts } from '../findings/facts/stream-facts.ts';
import { StreamHead } from '../llm/dialect.ts';
import { MessageAssembler } from '../llm/message-assembler.ts';
import { type Message, messageEndOf } from '../llm/message.ts';
import { OutputCounter } from '../metrics/output-counter.ts';
import { MetricsCounter, type StreamMetrics } from '../metrics/stream-metrics.ts';
import { Pipeline } from '../pipeline/pipeline.ts';

/**
 * A whole capture from its records to its messages, metrics and findings, in one go: for the command line, the ladder
 * and tests. (The window's host keeps none of a stream's content and reads messages back when they are looked at.)
 */
export class Analysis {
  readonly #pipeline: Pipeline;
  readonly #facts = new StreamFacts();
  readonly #metrics = new MetricsCounter();
  readonly #head: StreamHead;
  readonly #outputs: OutputCounter;
  readonly #assembler: MessageAssembler;
  #lastAt: CaptureTime = null;
  #finished = false;

  readonly #request: DiagnosedRequest;

  /** @param request its URL is a hint at the dialect */
  constructor(request: DiagnosedRequest) {
    this.#request = request;
    this.#head = new StreamHead(request.url);
    this.#outputs = new OutputCounter(this.#metrics, this.#head);
    this.#assembler = new MessageAssembler(this.#head);
    let type = 'message';
    this.#pipeline = new Pipeline({
      block: (block) => {
        type = block.type;
        this.#facts.block(block);
        if (block.kind === 'event') this.#metrics.event(block.at);
      },
      blockExtended: () => undefined,
      document: (document) => {
        this.#facts.document(document);
        this.#outputs.document(document);
        this.#assembler.push(llmEvent(document, type));
      },
    });
  }

  push(record: CaptureRecord): void {
    this.#head.record(record);
    this.#facts.record(record);
    this.#pipeline.push(record);
    this.#metrics.record(record);
    this.#lastAt = record.at ?? this.#lastAt;
    if (record.kind === 'end') this.finish(record.reason);
  }

  /** There are no more records: for a capture that breaks off without its end. */
  finish(reason: EndReason = 'premature-close'): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#pipeline.push({ kind: 'end', at: null, reason });
    this.#assembler.end(reason);
  }

  get messages(): readonly Message[] {
    return this.#assembler.messages;
  }

  get metrics(): StreamMetrics {
    return this.#metrics.metrics(this.#lastAt);
  }

  get findings(): readonly Finding[] {
    return diagnose(this.diagnosed);
  }

  /** What is wrong, rung by rung, and how it ended. */
  get diagnosis(): Diagnosis {
    return diagnosisOf(this.diagnosed);
  }

  /** What the findings are made from. */
  get diagnosed(): DiagnosisInput {
    const { dialect, problems } = this.#assembler;
    return {
      request: this.#request,
      facts: this.#facts,
      metrics: this.metrics,
      dialect,
      problems,
      messageEnd: messageEndOf(this.messages),
    };
  }
}
