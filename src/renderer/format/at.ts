import type { CaptureTime } from '../../core/capture-time.ts';
import { countText } from './count.ts';

/** Shown if a capture has no times. */
export const noTime = '–';

/** A moment of a capture in seconds, exact to the millisecond: `1.437`. */
export function atText(at: CaptureTime): string {
  return at === null ? noTime : (at / 1000).toFixed(3);
}

/**
 * A gap in ms: `+24`, `+0.3`, `+0.02`. `0` within one socket read, where times say nothing about the sender.
 */
export function gapText(gap: number | null): string {
  if (gap === null) return '';
  if (gap === 0) return '0';
  if (gap >= 9.95) return `+${countText(Math.round(gap))}`;
  return `+${gap >= 0.095 ? Number(gap.toFixed(1)) : Math.max(0.01, Number(gap.toFixed(2)))}`;
}
