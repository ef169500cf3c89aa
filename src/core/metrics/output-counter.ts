import type { JsonDocument } from '../json/documents.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { MetricsCounter } from './stream-metrics.ts';
import { outputOf } from '../llm/output-length.ts';

/** Documents without any known dialect after which a stream is taken for something else than a model's. */
const PATIENCE = 64;
/** Longest JSON text that is looked into, code units: no delta is longer, and parsing must not hold up the stream. */
const LONGEST = 1024 * 1024;

/** Counts what documents bring of a message, as long as they look like a model's. */
export class OutputCounter {
  readonly #metrics: MetricsCounter;
  #unknown = 0;
  #known = false;

  constructor(metrics: MetricsCounter) {
    this.#metrics = metrics;
  }

  document({ state, text, at }: JsonDocument): void {
    if (state !== 'complete' || text.length > LONGEST) return;
    if (!this.#known && this.#unknown >= PATIENCE) return;
    const output = outputOf(JSON.parse(text) as JsonValue);
    if (output === null) this.#unknown++;
    else {
      this.#known = true;
      this.#metrics.output(at, output);
    }
  }
}
