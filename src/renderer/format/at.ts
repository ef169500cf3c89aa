import { countText } from './count.ts';
import type { At } from '../../core/capture/record.ts';

/** Shown where a capture has no times. */
export const noTime = '–';

/** A moment of a capture in seconds, exact to the millisecond: `1.437`. */
export function atText(at: At): string {
  return at === null ? noTime : (at / 1000).toFixed(3);
}

/** A gap in ms: `+24`, `+0.3`, `0`. Gaps of one socket read are 0: they tell nothing about the sender. */
export function gapText(gap: number | null): string {
  if (gap === null) return '';
  if (gap === 0) return '0';
  return gap < 9.95 ? `+${Number(gap.toFixed(1))}` : `+${countText(Math.round(gap))}`;
}
