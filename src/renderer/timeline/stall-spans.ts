import type { CaptureTime } from '../../core/capture-time.ts';
import { stallsUntil, type Silences } from '../../core/metrics/silence-clock.ts';
import type { Span } from '../state/view.ts';

/** A stall as it is drawn: the part of it that the axis shows. */
export interface StallSpan extends Span {
  /** Of the whole stall, ms. */
  readonly length: number;
  /** It still goes on: it will be longer than `length`. */
  readonly open: boolean;
}

/**
 * The stalls that a span of the axis shows. What a stall is, core says.
 *
 * @param now the present of a live capture, ms since its request began; null where it is not live
 */
export function stallSpans(silences: Silences, span: Span, now: number | null): readonly StallSpan[] {
  return stallsUntil(silences, now).flatMap(({ at, ms }) => {
    const from = Math.max(at, span.from);
    const to = Math.min(at + ms, span.to);
    return from >= to ? [] : [{ from, to, length: ms, open: at === silences.openSince }];
  });
}

/**
 * Whether a stall ended at a row: what arrived then ended the silence.
 *
 * @param gap ms since the row before, null where that is not known
 */
export function endsStall({ stalls }: Silences, at: CaptureTime, gap: number | null): boolean {
  if (at === null || gap === null || gap === 0) return false;
  return stalls.some((stall) => Math.abs(stall.at + stall.ms - at) < CLOCK_NOISE);
}

/** Times that differ by less are the same, ms: sums of fractions are not exact. */
const CLOCK_NOISE = 1e-6;
