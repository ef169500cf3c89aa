import type { Span } from '../state/view.ts';
import type { Tick } from './axis-ticks.ts';
import type { TimelineLayout } from './lane-layout.ts';
import { toX } from './span-scale.ts';
import type { TimelinePalette } from './timeline-palette.ts';

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
