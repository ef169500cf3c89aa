import type { CaptureTime } from '../../core/capture-time.ts';
import { stallsUntil, type Silences } from '../../core/metrics/silence-clock.ts';
import type { Span } from '../state/view.ts';

/** The visible part of a stall. */
export interface StallSpan extends Span {
  /** Of the whole stall, ms. */
  readonly length: number;
  /** It has not ended: it will be longer than `length`. */
  readonly open: boolean;
}

/**
 * The stalls within a span of the axis. Core defines what a stall is.
 *
 * @param now the current time of a live capture, ms since its request began; null if it is not live
 */
export function stallSpans(silences: Silences, span: Span, now: number | null): readonly StallSpan[] {
  return stallsUntil(silences, now).flatMap(({ at, ms }) => {
    const from = Math.max(at, span.from);
    const to = Math.min(at + ms, span.to);
    return from >= to ? [] : [{ from, to, length: ms, open: at === silences.openSince }];
  });
}

/**
 * Whether the arrival of a row ended a stall.
 *
 * @param gap ms since the previous row; null if unknown
 */
export function endsStall({ stalls }: Silences, at: CaptureTime, gap: number | null): boolean {
  if (at === null || gap === null || gap === 0) return false;
  return stalls.some((stall) => Math.abs(stall.at + stall.ms - at) < CLOCK_NOISE);
}

/** Times that differ by less are equal, ms: sums of fractions are not exact. */
const CLOCK_NOISE = 1e-6;
