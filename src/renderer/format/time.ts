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

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A moment for a list, in local time: `14:02` today, `20 Nov 14:02` this year, `20 Nov 2024` before. Empty if `iso` is not a
 * valid date.
 */
export function whenText(iso: string, now: Date): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return '';
  const clock = `${two(then.getHours())}:${two(then.getMinutes())}`;
  const day = `${then.getDate()} ${months[then.getMonth()] ?? ''}`;
  if (then.getFullYear() !== now.getFullYear()) return `${day} ${then.getFullYear()}`;
  if (then.getMonth() !== now.getMonth() || then.getDate() !== now.getDate()) return `${day} ${clock}`;
  return clock;
}

/** The same in full, for a tooltip: `2025-11-20 14:02:07.123`. */
export function exactWhenText(iso: string): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return iso;
  const date = `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
  const clock = `${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}`;
  return `${date} ${clock}.${String(then.getMilliseconds()).padStart(3, '0')}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
