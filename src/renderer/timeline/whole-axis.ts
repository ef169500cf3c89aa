import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Span } from '../state/view.ts';
import type { AxisUnit } from '../format/quantity.ts';
import { liveEnd, restEnd } from './live-end.ts';
import { keepInside } from './span-scale.ts';

/** The whole axis of a capture. */
export interface WholeAxis {
  readonly unit: AxisUnit;
  readonly span: Span;
  /** Position of the newest record. */
  readonly newest: number;
}

/** Times where the capture has them, else positions in the body. `now` is the present of a live one. */
export function wholeAxis(summary: CaptureSummary, now: number | null): WholeAxis {
  const bytes = summary.lastAt === null && summary.bytes > 0;
  const newest = bytes ? summary.bytes : Math.max(summary.lastAt ?? 0, now ?? 0);
  const to = now === null ? restEnd(newest) : liveEnd(newest);
  return { unit: bytes ? 'bytes' : 'ms', span: { from: 0, to }, newest };
}

/**
 * Where a chosen span goes as the stream grows: one that shows the newest record goes on showing it, any other stays.
 *
 * @param before position of the newest record when the span was last seen
 */
export function followSpan(span: Span, before: number, newest: number, whole: Span): Span {
  const sawNewest = before >= span.from && before <= span.to;
  const room = (span.to - span.from) * 0.05;
  if (!sawNewest || newest <= span.to - room) return span;
  // A quarter of the span at a time: a picture that moves with every chunk cannot be read.
  const by = newest - span.to + (span.to - span.from) * 0.25;
  return keepInside({ from: span.from + by, to: span.to + by }, whole);
}
