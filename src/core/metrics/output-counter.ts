import { documentValue, type JsonDocument } from '../json/documents.ts';
import type { StreamHead } from '../llm/dialect.ts';
import { outputOf } from '../llm/payload-output.ts';
import { providerError } from '../llm/provider-error.ts';
import type { MetricsCounter } from './stream-metrics.ts';

/** Documents in no known dialect after which a stream is not searched for model output any more. */
const PATIENCE = 64;

/** Counts the model output in documents, in a stream that looks like a model's. */
export class OutputCounter {
  readonly #metrics: MetricsCounter;
  readonly #head: StreamHead;
  #unknown = 0;
  #known = false;

  /** @param head of the stream; the caller passes it the records */
  constructor(metrics: MetricsCounter, head: StreamHead) {
    this.#metrics = metrics;
    this.#head = head;
  }

  document(document: JsonDocument): void {
    if (!this.#known && this.#unknown >= PATIENCE) return;
    if (document.state === 'sentinel') this.#metrics.finish(document.at);
    const value = documentValue(document);
    if (value === undefined) return;
    const output = outputOf(value, this.#head);
    if (output !== null) {
      this.#known = true;
      this.#metrics.output(document.at, output);
      if (output.finished) this.#metrics.finish(document.at);
    } else if (!this.#known) this.#unknown++;
    else if (providerError(value) !== null) this.#metrics.finish(document.at);
  }
}
