import type { CaptureTime } from '../capture-time.ts';
import { assertNever } from '../assert-never.ts';
import type { CaptureRecord } from '../capture/record.ts';
import type { TokenCount } from '../llm/dialect.ts';
import type { DialectName } from '../llm/dialects.ts';
import type { Output } from '../llm/payload-output.ts';
import {
  SilenceClock,
  gapsUntil,
  stallCountUntil,
  stallsUntil,
  type Gaps,
  type Silences,
  type Stall,
} from './silence-clock.ts';
import { TimeBins } from './time-bins.ts';

/** Times, rates and gaps of one capture. Times in ms since the request began; null while not known. */
export interface StreamMetrics {
  readonly firstByteAt: CaptureTime;
  readonly firstEventAt: CaptureTime;
  readonly lastEventAt: CaptureTime;
  /** When the first event with model output came. */
  readonly firstTokenAt: CaptureTime;
  /** When the last one came. */
  readonly lastTokenAt: CaptureTime;
  readonly dialect: DialectName | null;
  /** Events with model output, and its length in UTF-16 code units. */
  readonly deltas: number;
  readonly outputLength: number;
  /** Output tokens as counted by the provider (`usage`), or one per delta. */
  readonly tokens: { readonly count: number; readonly source: 'usage' | 'deltas' } | null;
  /** From the first to the last token, streamed tokens only: hidden reasoning does not count. */
  readonly tokensPerSecond: number | null;
  /** Body bytes per streamed token, without padding: the overhead of framing and JSON. */
  readonly bytesPerToken: number | null;
  /** Gaps between outputs: model output in a known dialect, else dispatched events. */
  readonly gaps: Gaps | null;
  /** The longest 50 stalls in order of time; `stallCount` counts all. */
  readonly stalls: readonly Stall[];
  readonly stallCount: number;
  /** The longest time without a byte since the response began; keep-alives count as bytes. Null without times. */
  readonly longestQuiet: Stall | null;
  /** In bins of `binMs` from the request on: deltas that arrived, and the longest gap that ended in the bin. */
  readonly series: {
    readonly binMs: number;
    readonly deltas: readonly number[];
    readonly gaps: readonly number[];
  };
}

/** The model's output in four figures. */
export interface OutputSummary {
  readonly dialect: DialectName;
  readonly firstTokenAt: CaptureTime;
  /** Output tokens: the provider's count, else the number of deltas. */
  readonly tokens: number;
  readonly tokensPerSecond: number | null;
}

/** Measures a stream while it arrives. Fixed size, constant time per event. */
export class MetricsCounter {
  readonly #deltaBins = new TimeBins((a, b) => a + b);
  /** Two clocks: events count until a dialect is recognised, then outputs. */
  readonly #eventClock = new SilenceClock();
  readonly #outputClock = new SilenceClock();
  #quiet: Stall | null = null;
  /** When the last byte came, or the response began. */
  #heardAt: CaptureTime = null;
  #ended = false;
  #bytes = 0;
  #firstByteAt: CaptureTime = null;
  #firstEventAt: CaptureTime = null;
  #lastEventAt: CaptureTime = null;
  #firstTokenAt: CaptureTime = null;
  #lastTokenAt: CaptureTime = null;
  #dialect: DialectName | null = null;
  #deltas = 0;
  #outputLength = 0;
  /** Code units of reasoning that is not a summary. */
  #reasoningLength = 0;
  #padding = 0;
  /** The answer: output other than reasoning. */
  #firstAnswerAt: CaptureTime = null;
  #lastAnswerAt: CaptureTime = null;
  #usage: TokenCount | null = null;

  /** Reads a record of the capture: when bytes came, and the time without bytes. */
  record(record: CaptureRecord): void {
    const { at } = record;
    switch (record.kind) {
      case 'response':
        this.#hear(at);
        return;
      case 'chunk':
        this.#bytes += record.bytes.length;
        if (record.bytes.length > 0) this.#firstByteAt ??= at;
        if (record.bytes.length > 0 || record.wireBytes > 0) this.#hear(at);
        return;
      case 'note': {
        if (record.note !== 'reconnect' || at === null) return;
        const { delay } = record.fields;
        const brokenAt = typeof delay === 'number' ? at - delay : at;
        this.#hear(brokenAt);
        this.#heardAt = null;
        this.#eventClock.reconnect(brokenAt);
        this.#outputClock.reconnect(brokenAt);
        return;
      }
      case 'end':
        this.#hear(at);
        this.#ended = true;
        this.#eventClock.end(at);
        this.#outputClock.end(at);
        return;
      default:
        assertNever(record);
    }
  }

  /** A dispatched event. */
  event(at: CaptureTime): void {
    if (at === null) return;
    this.#firstEventAt ??= at;
    this.#lastEventAt = at;
    this.#eventClock.output(at);
  }

  /** Model output in a document. */
  output(at: CaptureTime, output: Output): void {
    this.#dialect = output.dialect;
    this.#padding += output.padding;
    if (output.tokens !== null) this.#usage = output.tokens;
    if (output.length === 0) return;
    this.#deltas++;
    this.#outputLength += output.length;
    this.#reasoningLength += output.reasoning;
    if (at === null) return;
    if (output.length > output.reasoning + output.summary) {
      this.#firstAnswerAt ??= at;
      this.#lastAnswerAt = at;
    }
    this.#firstTokenAt ??= at;
    this.#lastTokenAt = at;
    this.#deltaBins.add(at, 1);
    this.#outputClock.output(at);
  }

  /** The message ended or failed: no more output is expected. */
  finish(at: CaptureTime): void {
    if (at !== null) this.#outputClock.finish(at);
  }

  /** As in `StreamMetrics`, without the current silence. */
  get gaps(): Gaps | null {
    return this.#clock.gaps;
  }

  /** The silences between outputs. */
  get silences(): Silences {
    return this.#clock.silences;
  }

  get firstByteAt(): CaptureTime {
    return this.#firstByteAt;
  }

  /** Null until a document of a known dialect came. */
  get dialect(): DialectName | null {
    return this.#dialect;
  }

  /** The model's output for a status line; null without a known dialect. */
  get outputSummary(): OutputSummary | null {
    if (this.#dialect === null) return null;
    const tokens = this.#tokens();
    return {
      dialect: this.#dialect,
      firstTokenAt: this.#firstTokenAt,
      tokens: tokens?.count ?? 0,
      tokensPerSecond: this.#tokensPerSecond(),
    };
  }

  /** @param now ms since the request began, while the stream runs: the current silence counts up to it */
  metrics(now: CaptureTime = null): StreamMetrics {
    const tokens = this.#tokens();
    const { gaps, silences } = this;
    return {
      firstByteAt: this.#firstByteAt,
      firstEventAt: this.#firstEventAt,
      lastEventAt: this.#lastEventAt,
      firstTokenAt: this.#firstTokenAt,
      lastTokenAt: this.#lastTokenAt,
      dialect: this.#dialect,
      deltas: this.#deltas,
      outputLength: this.#outputLength,
      tokens,
      tokensPerSecond: this.#tokensPerSecond(),
      bytesPerToken: this.#bytesPerToken(),
      gaps: gapsUntil(gaps, silences, now),
      stalls: stallsUntil(silences, now),
      stallCount: stallCountUntil(silences, now),
      longestQuiet: this.#longestQuiet(now),
      series: this.#series(),
    };
  }

  #tokens(): StreamMetrics['tokens'] {
    if (this.#usage !== null && this.#usage.count > 0) return { count: this.#usage.count, source: 'usage' };
    return this.#deltas === 0 ? null : { count: this.#deltas, source: 'deltas' };
  }

  /** The streamed tokens and their times: all, or only the answer if the reasoning was hidden or summarised. */
  #streamed(): { readonly count: number; readonly from: CaptureTime; readonly to: CaptureTime } {
    const reasoning = this.#usage?.reasoning ?? 0;
    const count = this.#tokens()?.count ?? 0;
    return reasoning > 0 && this.#reasoningLength === 0
      ? { count: count - reasoning, from: this.#firstAnswerAt, to: this.#lastAnswerAt }
      : { count, from: this.#firstTokenAt, to: this.#lastTokenAt };
  }

  #tokensPerSecond(): number | null {
    const { count, from, to } = this.#streamed();
    if (count <= 1 || from === null || to === null || to <= from) return null;
    return ((count - 1) / (to - from)) * 1000;
  }

  #bytesPerToken(): number | null {
    const { count } = this.#streamed();
    return count <= 0 ? null : (this.#bytes - this.#padding) / count;
  }

  #series(): StreamMetrics['series'] {
    // Both need the same width for a common axis: the wider one, which has the later event.
    const gaps = this.#clock.bins;
    const binMs = Math.max(this.#deltaBins.width, gaps.width);
    return {
      binMs,
      deltas: widened(this.#deltaBins, binMs, (a, b) => a + b),
      gaps: widened(gaps, binMs, Math.max),
    };
  }

  get #clock(): SilenceClock {
    return this.#dialect === null ? this.#eventClock : this.#outputClock;
  }

  #hear(at: CaptureTime): void {
    if (at === null || this.#ended) return;
    this.#quiet = this.#longestQuiet(at);
    this.#heardAt = at;
  }

  #longestQuiet(now: CaptureTime): Stall | null {
    const since = this.#heardAt;
    if (since === null || now === null || this.#ended) return this.#quiet;
    const ms = Math.max(0, now - since);
    return this.#quiet === null || ms > this.#quiet.ms ? { at: since, ms } : this.#quiet;
  }
}

function widened(bins: TimeBins, width: number, merge: (a: number, b: number) => number): readonly number[] {
  const times = width / bins.width;
  const values = bins.values;
  return Array.from({ length: Math.ceil(values.length / times) }, (_, n) =>
    values.slice(n * times, (n + 1) * times).reduce(merge, 0),
  );
}
