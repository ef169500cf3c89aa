import type { CaptureRecord } from '../capture/record.ts';
import { diagnose } from '../findings/diagnose.ts';
import { type Diagnosis, diagnosisOf } from '../findings/diagnosis.ts';
import type { DiagnosisInput, DiagnosedRequest } from '../findings/facts/stream-facts.ts';
import type { Finding } from '../findings/finding.ts';
import { llmEvent } from '../llm/assembly.ts';
import { MessageAssembler } from '../llm/message-assembler.ts';
import { type Message, messageEndOf } from '../llm/message.ts';
import type { StreamMetrics } from '../metrics/stream-metrics.ts';
import { type ContentWarning, StreamTotals } from './stream-totals.ts';

/**
 * A whole capture from its records to its messages, metrics and findings, in one go: for the command line, the probes, the
 * ladder and tests. The window's host keeps none of a stream's content: it reads messages back when they are shown.
 */
export class Analysis {
  readonly #totals: StreamTotals;
  readonly #assembler: MessageAssembler;
  /** Types of the newest events by `seq`, back to the last one of the newest document. */
  readonly #types = new Map<number, string>();
  #finished = false;

  /** @param request its URL is a hint at the dialect */
  constructor(request: DiagnosedRequest) {
    this.#totals = new StreamTotals(request, {
      block: ({ seq, type }) => {
        if (seq !== null) this.#types.set(seq, type);
      },
      blockExtended: () => undefined,
      document: (document) => {
        const last = document.events[1];
        this.#assembler.push(llmEvent(document, this.#types.get(last) ?? 'message'));
        for (const seq of this.#types.keys()) {
          if (seq >= last) break;
          this.#types.delete(seq);
        }
      },
    });
    this.#assembler = new MessageAssembler(this.#totals.head);
  }

  push(record: CaptureRecord): void {
    this.#totals.push(record);
    if (record.kind === 'end') this.finish();
  }

  /** There are no more records. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#totals.finish();
    this.#assembler.end(this.#totals.end?.reason);
  }

  get messages(): readonly Message[] {
    return this.#assembler.messages;
  }

  get metrics(): StreamMetrics {
    return this.diagnosed.metrics;
  }

  get warnings(): readonly ContentWarning[] {
    return this.#totals.warnings;
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
    const { problems } = this.#assembler;
    return this.#totals.diagnosed(this.#totals.lastAt, { problems, messageEnd: messageEndOf(this.messages) });
  }
}
