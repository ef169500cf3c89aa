import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Span } from '../state/view.ts';
import type { AxisUnit } from '../format/quantity.ts';
import { keepInside } from './span-scale.ts';

/** The whole axis of a capture. */
export interface WholeAxis {
  readonly unit: AxisUnit;
  readonly span: Span;
  /** Position of the newest record. */
  readonly newest: number;
}

/** Times if the capture has them, else positions in the body. `now` is the current time of a live capture. */
export function wholeAxis(summary: CaptureSummary, now: number | null): WholeAxis {
  const bytes = summary.lastAt === null && summary.bytes > 0;
  const newest = bytes ? summary.bytes : Math.max(summary.lastAt ?? 0, now ?? 0);
  const to = now === null ? restEnd(newest) : liveEnd(newest);
  return { unit: bytes ? 'bytes' : 'ms', span: { from: 0, to }, newest };
}

/**
 * Moves a selected span as the stream grows: a span that shows the newest record keeps showing it, any other stays.
 *
 * @param before position of the newest record when the span was last drawn
 */
export function followSpan(span: Span, before: number, newest: number, whole: Span): Span {
  const sawNewest = before >= span.from && before <= span.to;
  const room = (span.to - span.from) * 0.05;
  if (!sawNewest || newest <= span.to - room) return span;
  // Moves by a quarter of the span: a picture that moves with every chunk is unreadable.
  const by = newest - span.to + (span.to - span.from) * 0.25;
  return keepInside({ from: span.from + by, to: span.to + by }, whole);
}

/** Leading digits at which the end of a growing axis pauses. */
const STOPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/**
 * End of the axis while a stream runs. It grows in steps and not with every chunk, so that marks stay in place between two
 * steps.
 *
 * @param newest position of the newest record: ms, or bytes
 */
export function liveEnd(newest: number): number {
  const wanted = Math.max(newest * 1.03, 1000);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const stop = STOPS.find((factor) => factor * power >= wanted) ?? 10;
  return stop * power;
}

/** End of the axis once a stream has ended: a little room, so that the last mark is not at the edge. */
export function restEnd(newest: number): number {
  return newest > 0 ? newest * 1.02 : 1;
}
