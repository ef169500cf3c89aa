import { positionText, type AxisUnit } from '../format/quantity.ts';
import type { Span } from '../state/view.ts';
import type { TimelineLayout } from './lane-layout.ts';
import { toX } from './span-scale.ts';
import type { TimelinePalette } from './timeline-palette.ts';

/** A labelled position on the axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Steps beyond ten seconds, in ms: clock units instead of 1-2-5. */
const CLOCK_STEPS = [20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * 1000,
);

/**
 * The smallest round step of at least `least`: 1, 2 or 5 times a power of ten; seconds, minutes and
 * hours beyond ten seconds; whole bytes.
 */
export function niceStep(least: number, unit: AxisUnit): number {
  if (unit === 'bytes' && least <= 1) return 1;
  if (unit === 'ms' && least > 10_000) {
    const found = CLOCK_STEPS.find((step) => step >= least);
    const day = 86_400_000;
    return found ?? Math.ceil(least / day) * day;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  const times = [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10;
  return times * power;
}

/** Ticks of `span` on `width` pixels, at least `apart` pixels from each other. */
export function axisTicks(span: Span, width: number, unit: AxisUnit, apart = 68): readonly Tick[] {
  const length = span.to - span.from;
  if (!(length > 0) || !(width > 0)) return [];
  const step = niceStep((length * apart) / width, unit);
  const ticks: Tick[] = [];
  // Multiplied instead of added up, so that rounding errors do not grow.
  for (let n = Math.ceil(span.from / step - 1e-9); n * step <= span.to + step * 1e-9; n++) {
    ticks.push({ value: n * step, label: positionText(n * step, step, span.to, unit) });
  }
  return ticks;
}

/** What is needed to draw an axis. */
export interface TickedAxis {
  readonly layout: TimelineLayout;
  readonly span: Span;
  readonly ticks: readonly Tick[];
}

/** Draws a label and a dashed line for each tick. */
export function drawTicks(
  context: CanvasRenderingContext2D,
  { layout, span, ticks }: TickedAxis,
  palette: TimelinePalette,
): void {
  context.font = `10.5px ${palette.sans}`;
  context.textAlign = 'center';
  context.lineWidth = 1;
  context.strokeStyle = palette.line;
  context.setLineDash([2, 3]);
  for (const tick of ticks) {
    const x = Math.round(layout.left + toX(span, layout.plot, tick.value)) + 0.5;
    context.fillStyle = palette.dim;
    context.fillText(tick.label, x, layout.axis);
    context.beginPath();
    context.moveTo(x, layout.top - 4);
    context.lineTo(x, layout.bottom);
    context.stroke();
  }
  context.setLineDash([]);
}
