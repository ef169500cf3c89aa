import type { Span } from '../state/view.ts';

/** Pixel of `value` where `span` is `width` pixels wide. */
export function toX(span: Span, width: number, value: number): number {
  return ((value - span.from) / (span.to - span.from)) * width;
}

/** Value at pixel `x` where `span` is `width` pixels wide. */
export function toValue(span: Span, width: number, x: number): number {
  return span.from + (x / width) * (span.to - span.from);
}

/**
 * Moves `span` inside `whole` without changing its length, unless it is longer than `whole`: then it is `whole`.
 */
export function keepInside(span: Span, whole: Span): Span {
  const length = span.to - span.from;
  if (length >= whole.to - whole.from) return whole;
  if (span.from < whole.from) return { from: whole.from, to: whole.from + length };
  if (span.to > whole.to) return { from: whole.to - length, to: whole.to };
  return span;
}

/**
 * Zooms so that `around` keeps its pixel: a factor below 1 shows less. Never shows less than `shortest` or more than
 * `whole`.
 */
export function zoom(span: Span, around: number, factor: number, whole: Span, shortest: number): Span {
  const length = span.to - span.from;
  const wanted = Math.max(length * factor, Math.min(shortest, whole.to - whole.from));
  const left = (around - span.from) / length;
  return keepInside({ from: around - left * wanted, to: around + (1 - left) * wanted }, whole);
}

/** Moves `span` by `by` (of the axis, not pixels), as far as `whole` allows. */
export function pan(span: Span, by: number, whole: Span): Span {
  return keepInside({ from: span.from + by, to: span.to + by }, whole);
}
