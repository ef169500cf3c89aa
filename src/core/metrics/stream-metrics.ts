import type { At } from '../capture/record.ts';
import type { Dialect } from '../llm/message.ts';
import type { Output } from '../llm/output-length.ts';
import { GapHistogram } from './gap-histogram.ts';
import { TimeBins } from './time-bins.ts';

/** A silence that is far longer than the stream's usual gaps. */
export interface Stall {
  /** When the silence began, ms since the request began. */
  readonly at: number;
  readonly ms: number;
}

/** Times, rates and gaps of one capture. Times in ms since the request began; null where not known, or not yet. */
export interface StreamMetrics {
  readonly firstByteAt: At;
  readonly firstEventAt: At;
  /** The first event that brought model output. */
  readonly firstTokenAt: At;
  readonly dialect: Dialect | null;
  /** Events that brought model output, and its length in UTF-16 code units. */
  readonly deltas: number;
  readonly outputLength: number;
  /** Output tokens, and whose count it is: the provider's, or the deltas taken for one each. */
  readonly tokens: { readonly count: number; readonly source: 'usage' | 'deltas' } | null;
  /** After the first token, until the last. */
  readonly tokensPerSecond: number | null;
  /** Body bytes for each token: what the framing and the JSON around it cost. */
  readonly bytesPerToken: number | null;
  /** Arrival gaps between events, ms. */
  readonly gaps: { readonly p50: number; readonly p95: number; readonly max: number } | null;
  /** The longest 20, in order of time; `stallCount` is of all. */
  readonly stalls: readonly Stall[];
  readonly stallCount: number;
  /** Over time from the request on, in bins of `binMs`: deltas that arrived, and the longest gap that ended there. */
  readonly series: {
    readonly binMs: number;
    readonly deltas: readonly number[];
    readonly gaps: readonly number[];
  };
}

/** The model's output in four figures. */
export interface OutputSummary {
  readonly dialect: Dialect;
  readonly firstTokenAt: At;
  /** Output tokens: the provider's count, or else the deltas. */
  readonly tokens: number;
  readonly tokensPerSecond: number | null;
}

/** A gap is a stall from here on, ms, and from so many times the usual gap on. */
const STALL_MS = 1000;
const STALL_FACTOR = 10;
const KEPT_STALLS = 20;

/** Counts while a stream arrives. Fixed size, constant time an event. */
export class MetricsCounter {
  readonly #gaps = new GapHistogram();
  readonly #deltaBins = new TimeBins((a, b) => a + b);
  readonly #gapBins = new TimeBins(Math.max);
  readonly #stalls: Stall[] = [];
  #stallCount = 0;
  #bytes = 0;
  #firstByteAt: At = null;
  #firstEventAt: At = null;
  #lastEventAt: At = null;
  #firstTokenAt: At = null;
  #lastTokenAt: At = null;
  #dialect: Dialect | null = null;
  #deltas = 0;
  #outputLength = 0;
  #usage: number | null = null;

  /** Body bytes that arrived. */
  chunk(at: At, length: number): void {
    this.#bytes += length;
    if (length > 0) this.#firstByteAt ??= at;
  }

  /** A dispatched event. */
  event(at: At): void {
    if (at === null) return;
    this.#firstEventAt ??= at;
    if (this.#lastEventAt !== null) this.#gap(this.#lastEventAt, at - this.#lastEventAt);
    this.#lastEventAt = at;
  }

  /** What a document brought of a message. */
  output(at: At, output: Output): void {
    this.#dialect = output.dialect;
    if (output.tokens !== null) this.#usage = output.tokens;
    if (output.length === 0) return;
    this.#deltas++;
    this.#outputLength += output.length;
    if (at === null) return;
    this.#firstTokenAt ??= at;
    this.#lastTokenAt = at;
    this.#deltaBins.add(at, 1);
  }

  /** Arrival gaps between events, ms. */
  get gaps(): StreamMetrics['gaps'] {
    const gaps = this.#gaps;
    return gaps.total === 0 ? null : { p50: gaps.quantile(0.5), p95: gaps.quantile(0.95), max: gaps.max };
  }

  get firstByteAt(): At {
    return this.#firstByteAt;
  }

  /** What a status line shows of the model's output; null for a stream of no known dialect. */
  get outputSummary(): OutputSummary | null {
    if (this.#dialect === null) return null;
    const tokens = this.#tokens();
    return {
      dialect: this.#dialect,
      firstTokenAt: this.#firstTokenAt,
      tokens: tokens?.count ?? 0,
      tokensPerSecond: this.#tokensPerSecond(tokens),
    };
  }

  metrics(): StreamMetrics {
    const tokens = this.#tokens();
    return {
      firstByteAt: this.#firstByteAt,
      firstEventAt: this.#firstEventAt,
      firstTokenAt: this.#firstTokenAt,
      dialect: this.#dialect,
      deltas: this.#deltas,
      outputLength: this.#outputLength,
      tokens,
      tokensPerSecond: this.#tokensPerSecond(tokens),
      bytesPerToken: tokens === null ? null : this.#bytes / tokens.count,
      gaps: this.gaps,
      stalls: [...this.#stalls].sort((a, b) => a.at - b.at),
      stallCount: this.#stallCount,
      series: this.#series(),
    };
  }

  #tokens(): StreamMetrics['tokens'] {
    if (this.#usage !== null && this.#usage > 0) return { count: this.#usage, source: 'usage' };
    return this.#deltas === 0 ? null : { count: this.#deltas, source: 'deltas' };
  }

  #tokensPerSecond(tokens: StreamMetrics['tokens']): number | null {
    const from = this.#firstTokenAt;
    const to = this.#lastTokenAt;
    if (tokens === null || from === null || to === null || to <= from) return null;
    return ((tokens.count - 1) / (to - from)) * 1000;
  }

  #series(): StreamMetrics['series'] {
    // Both must have the same width to stand on one axis; the wider one is that of the later event.
    const binMs = Math.max(this.#deltaBins.width, this.#gapBins.width);
    return {
      binMs,
      deltas: widened(this.#deltaBins, binMs, (a, b) => a + b),
      gaps: widened(this.#gapBins, binMs, Math.max),
    };
  }

  #gap(from: number, ms: number): void {
    this.#gaps.add(ms);
    this.#gapBins.add(from + ms, ms);
    if (ms < STALL_MS || ms < this.#gaps.quantile(0.5) * STALL_FACTOR) return;
    this.#stallCount++;
    this.#stalls.push({ at: from, ms });
    if (this.#stalls.length <= KEPT_STALLS) return;
    const shortest = this.#stalls.reduce((least, stall) => (stall.ms < least.ms ? stall : least));
    this.#stalls.splice(this.#stalls.indexOf(shortest), 1);
  }
}

function widened(bins: TimeBins, width: number, merge: (a: number, b: number) => number): readonly number[] {
  const times = width / bins.width;
  const values = bins.values;
  return Array.from({ length: Math.ceil(values.length / times) }, (_, n) =>
    values.slice(n * times, (n + 1) * times).reduce(merge, 0),
  );
}
