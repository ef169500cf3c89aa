import type { CaptureTime } from '../capture-time.ts';
import { GapHistogram } from './gap-histogram.ts';
import { TimeBins } from './time-bins.ts';

/** A silence that is far longer than the stream's usual gaps. */
export interface Stall {
  /** When the silence began, ms since the request began. */
  readonly at: number;
  readonly ms: number;
}

/** The silences of a stream, in fixed size: sent with every summary. */
export interface Silences {
  /** A silence of at least this many ms is a stall; null while there are too few arrivals to know the usual gap. */
  readonly threshold: number | null;
  /** The longest 50 stalls that have ended, in order of time; `stallCount` counts all. */
  readonly stalls: readonly Stall[];
  readonly stallCount: number;
  /** When the current silence began; null before the first output, after the end of the message, and after the end of the stream. */
  readonly openSince: CaptureTime;
}

/** Distribution of gaps, ms. */
export interface Gaps {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Shorter silences are not noticed, ms. */
const LEAST_STALL_MS = 1000;
/** A stall is at least this many times as long as the usual gap. */
const STALL_FACTOR = 10;
/** Arrivals needed to know the usual gap. */
const ENOUGH_ARRIVALS = 5;
/**
 * Outputs within this many ms are one arrival: the pauses between the bursts of a model are not stalls. At most
 * LEAST_STALL_MS / STALL_FACTOR, so that it changes no threshold of a stream without bursts.
 */
const ARRIVAL_MS = 10;
const KEPT_STALLS = 50;

/**
 * Measures the silences between outputs and defines a stall: a silence of at least 1 s and at least ten times the usual
 * gap between arrivals. The caller decides what counts as output. Fixed size, constant time per output.
 */
export class SilenceClock {
  readonly #gaps = new GapHistogram();
  readonly #arrivalGaps = new GapHistogram();
  readonly #bins = new TimeBins(Math.max);
  /** The longest silences that may be stalls, in order of time. */
  readonly #long: Stall[] = [];
  #longCount = 0;
  #longest = 0;
  #arrivals = 0;
  /** Beginning of the newest arrival. */
  #arrivalAt = 0;
  #lastAt: CaptureTime = null;
  #finished = false;
  /** When the connection broke, while it is reconnected. */
  #brokenAt: CaptureTime = null;
  #endAt: CaptureTime = null;

  /** Longest gaps over time. */
  get bins(): TimeBins {
    return this.#bins;
  }

  /** An output ends a silence. A time that goes back (in a file of another program) counts as the latest time so far. */
  output(at: number): void {
    if (this.#brokenAt !== null && at >= this.#brokenAt) this.#breakOff(this.#brokenAt);
    const last = this.#lastAt;
    this.#finished = false;
    if (last === null) {
      this.#lastAt = at;
      this.#arrive(at, null);
      return;
    }
    const gap = Math.max(0, at - last);
    this.#lastAt = last + gap;
    this.#gaps.add(gap);
    this.#silence(last, gap);
    if (at - this.#arrivalAt >= ARRIVAL_MS) this.#arrive(at, at - this.#arrivalAt);
  }

  /** The message ended: the silence before this moment counts, later ones do not. */
  finish(at: number): void {
    if (this.#lastAt === null || this.#finished || this.#brokenAt !== null) return;
    if (at > this.#lastAt) this.#silence(this.#lastAt, at - this.#lastAt);
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#finished = true;
  }

  /** The connection broke: the time until the next output is not a silence of the server. */
  reconnect(brokenAt: number): void {
    if (this.#lastAt !== null) this.#brokenAt ??= Math.max(brokenAt, this.#lastAt);
  }

  /** The stream ended: a silence until then counts. */
  end(at: CaptureTime): void {
    this.#endAt = at;
  }

  /** Gaps between outputs; the greatest may be the silence at the end. Null with fewer than two outputs. */
  get gaps(): Gaps | null {
    if (this.#gaps.total === 0) return null;
    const max = Math.max(this.#longest, this.#tail()?.ms ?? 0);
    return { p50: this.#gaps.quantile(0.5), p95: this.#gaps.quantile(0.95), max };
  }

  get silences(): Silences {
    const isOpen = this.#endAt === null && !this.#finished && this.#brokenAt === null;
    const openSince = isOpen ? this.#lastAt : null;
    const isKnown = this.#arrivals >= ENOUGH_ARRIVALS && this.#arrivalGaps.total > 0;
    if (!isKnown) return { threshold: null, stalls: [], stallCount: 0, openSince };
    const threshold = Math.max(LEAST_STALL_MS, STALL_FACTOR * this.#arrivalGaps.quantile(0.5));
    const tail = this.#tail();
    const long = tail === null || tail.ms < LEAST_STALL_MS ? this.#long : [...this.#long, tail];
    const stalls = long.filter(({ ms }) => ms >= threshold);
    // Stalls that were not kept are counted by the histogram, to 1.1 %.
    const uncertain = this.#longCount > this.#long.length && threshold > LEAST_STALL_MS;
    const unkept = uncertain
      ? Math.max(0, this.#gaps.countFrom(threshold) - stalls.length)
      : this.#longCount - this.#long.length;
    return { threshold, stalls, stallCount: stalls.length + unkept, openSince };
  }

  /** The silence that the end of the stream ended, or null. */
  #tail(): Stall | null {
    const until = this.#brokenAt ?? (this.#finished ? null : this.#endAt);
    if (this.#lastAt === null || until === null || until <= this.#lastAt) return null;
    return { at: this.#lastAt, ms: until - this.#lastAt };
  }

  #breakOff(at: number): void {
    if (this.#lastAt !== null && !this.#finished) this.#silence(this.#lastAt, at - this.#lastAt);
    this.#lastAt = null;
    this.#brokenAt = null;
  }

  #arrive(at: number, gap: number | null): void {
    this.#arrivals++;
    this.#arrivalAt = at;
    if (gap !== null) this.#arrivalGaps.add(gap);
  }

  #silence(at: number, ms: number): void {
    this.#bins.add(at + ms, ms);
    this.#longest = Math.max(this.#longest, ms);
    if (ms < LEAST_STALL_MS) return;
    this.#longCount++;
    this.#long.push({ at, ms });
    if (this.#long.length <= KEPT_STALLS) return;
    const shortest = this.#long.reduce((least, stall) => (stall.ms < least.ms ? stall : least));
    this.#long.splice(this.#long.indexOf(shortest), 1);
  }
}

/**
 * The stalls up to a moment, including the current silence if it is a stall by then.
 *
 * @param now ms since the request began; null after the end of the stream, or if not known
 */
export function stallsUntil(silences: Silences, now: CaptureTime): readonly Stall[] {
  const open = openSilence(silences, now);
  if (open === null || silences.threshold === null || open.ms < silences.threshold) return silences.stalls;
  return [...silences.stalls, open];
}

/** The number of stalls up to a moment; see `stallsUntil`. */
export function stallCountUntil(silences: Silences, now: CaptureTime): number {
  return silences.stallCount + stallsUntil(silences, now).length - silences.stalls.length;
}

/** The gaps up to a moment; the greatest may be the current silence. */
export function gapsUntil(gaps: Gaps | null, silences: Silences, now: CaptureTime): Gaps | null {
  const open = openSilence(silences, now);
  return gaps === null || open === null || open.ms <= gaps.max ? gaps : { ...gaps, max: open.ms };
}

function openSilence({ openSince }: Silences, now: CaptureTime): Stall | null {
  return openSince === null || now === null || now <= openSince
    ? null
    : { at: openSince, ms: now - openSince };
}
