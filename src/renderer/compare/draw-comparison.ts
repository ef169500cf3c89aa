import type { ComparisonLinks, ComparisonRow } from '../../contract/comparison.ts';
import type { Density } from '../../contract/lane.ts';
import type { Span } from '../state/view.ts';
import { drawTicks, type TickedAxis } from '../timeline/axis-ticks.ts';
import { toX } from '../timeline/span-scale.ts';
import type { TimelinePalette } from '../timeline/timeline-palette.ts';
import type { ComparisonLayout } from './comparison-layout.ts';

/** Everything that the drawing depends on. */
export interface ComparisonPicture extends TickedAxis {
  readonly layout: ComparisonLayout;
  readonly densityA: Density | null;
  readonly densityB: Density | null;
  readonly links: ComparisonLinks | null;
  /** The selected row; null if there is none or it has not loaded. */
  readonly selected: Pick<ComparisonRow, 'a' | 'b'> | null;
  readonly brush: Span | null;
  /** Position of the pointer on the axis, ms; null if it is elsewhere. */
  readonly pointer: number | null;
}

/** Draws both streams on one axis: A at the top, B at the bottom, and a line between the events of each pair. */
export function drawComparison(
  context: CanvasRenderingContext2D,
  picture: ComparisonPicture,
  palette: TimelinePalette,
): void {
  const { layout } = picture;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, layout.width, layout.height);
  drawFrame(context, picture, palette);
  context.save();
  context.beginPath();
  context.rect(layout.left - 4, layout.top - 6, layout.plot + 8, layout.bottom - layout.top + 12);
  context.clip();
  if (picture.links !== null) drawLinks(context, picture, picture.links, palette);
  drawLane(context, picture, picture.densityA, layout.laneA.base, layout.laneA.top, palette);
  drawLane(context, picture, picture.densityB, layout.laneB.base, layout.laneB.bottom, palette);
  if (picture.links !== null) drawOnly(context, picture, picture.links, palette);
  drawSelected(context, picture, palette);
  context.restore();
  drawPointer(context, picture, palette);
}

function drawFrame(
  context: CanvasRenderingContext2D,
  picture: ComparisonPicture,
  palette: TimelinePalette,
): void {
  const { layout } = picture;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.font = `650 12px ${palette.sans}`;
  context.fillStyle = palette.soft;
  context.fillText('A', 16, layout.laneA.base - 4);
  context.fillText('B', 16, layout.laneB.base + 13);
  context.fillStyle = palette.line;
  for (const { base } of [layout.laneA, layout.laneB]) {
    context.fillRect(layout.left, Math.round(base), layout.plot, 1);
  }
  drawTicks(context, picture, palette);
}

/** The number of events in each slice, as bars from `base` towards `end`. */
function drawLane(
  context: CanvasRenderingContext2D,
  { layout, span }: ComparisonPicture,
  density: Density | null,
  base: number,
  end: number,
  palette: TimelinePalette,
): void {
  if (density === null || density.unit !== 'ms') return;
  const { events, from, to } = density;
  const most = Math.max(1, ...events);
  const room = end - base;
  context.fillStyle = palette.event;
  for (const [slice, count] of events.entries()) {
    if (count === 0) continue;
    const at = from + ((slice + 0.5) / events.length) * (to - from);
    const x = Math.round(layout.left + toX(span, layout.plot, at));
    // The square root keeps single events visible next to a burst.
    const height = room * (0.35 + 0.65 * Math.sqrt(count / most));
    context.fillRect(x - 0.5, Math.min(base, base + height), 1.5, Math.abs(height));
  }
}

function drawLinks(
  context: CanvasRenderingContext2D,
  { layout, span }: ComparisonPicture,
  links: ComparisonLinks,
  palette: TimelinePalette,
): void {
  const { laneA, laneB } = layout;
  const x = (at: number): number => layout.left + toX(span, layout.plot, at);
  context.fillStyle = palette.gap;
  for (const { a, b } of links.held) {
    context.beginPath();
    context.moveTo(x(a[0]), laneA.base);
    context.lineTo(x(a[1]), laneA.base);
    context.lineTo(Math.max(x(b[0]) + 1, x(b[1])), laneB.base);
    context.lineTo(x(b[0]), laneB.base);
    context.fill();
  }
  // The more lines, the fainter, so that many lines do not become one solid area.
  const density = links.row.length / layout.plot;
  context.strokeStyle = palette.event;
  context.lineWidth = 1;
  context.globalAlpha = Math.min(0.45, Math.max(0.12, 0.07 / Math.max(0.1, density)));
  context.beginPath();
  for (const n of links.row.keys()) {
    context.moveTo(x(links.a[n] as number), laneA.base + 1);
    context.lineTo(x(links.b[n] as number), laneB.base);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** Unpaired events: a triangle on the base line of their stream that points to the stream without the event. */
function drawOnly(
  context: CanvasRenderingContext2D,
  { layout, span }: ComparisonPicture,
  { onlyA, onlyB }: ComparisonLinks,
  palette: TimelinePalette,
): void {
  const mark = (at: number, base: number, by: number, colour: string): void => {
    const x = layout.left + toX(span, layout.plot, at);
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(x - 4.5, base);
    context.lineTo(x + 4.5, base);
    context.lineTo(x, base + by);
    context.fill();
  };
  for (const { at } of onlyA) mark(at, layout.laneA.base + 2, 8, palette.bad);
  for (const { at } of onlyB) mark(at, layout.laneB.base - 1, -8, palette.part);
}

function drawSelected(
  context: CanvasRenderingContext2D,
  { layout, span, selected }: ComparisonPicture,
  palette: TimelinePalette,
): void {
  if (selected === null) return;
  const { laneA, laneB } = layout;
  const x = (at: number | null | undefined): number | null =>
    at === null || at === undefined ? null : layout.left + toX(span, layout.plot, at);
  const [a, b] = [x(selected.a?.at), x(selected.b?.at)];
  context.strokeStyle = palette.ink;
  context.fillStyle = palette.ink;
  context.lineWidth = 2;
  if (a !== null) context.fillRect(a - 1, laneA.top, 2, laneA.base - laneA.top);
  if (b !== null) context.fillRect(b - 1, laneB.base, 2, laneB.bottom - laneB.base);
  if (a === null || b === null) return;
  context.beginPath();
  context.moveTo(a, laneA.base);
  context.lineTo(b, laneB.base);
  context.stroke();
}

function drawPointer(
  context: CanvasRenderingContext2D,
  { layout, span, brush, pointer }: ComparisonPicture,
  palette: TimelinePalette,
): void {
  const x = (at: number): number => layout.left + toX(span, layout.plot, at);
  if (brush !== null) {
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.14;
    context.fillRect(x(brush.from), layout.top, x(brush.to) - x(brush.from), layout.bottom - layout.top);
    context.globalAlpha = 1;
    return;
  }
  if (pointer === null) return;
  context.fillStyle = palette.dim;
  context.globalAlpha = 0.4;
  context.fillRect(Math.round(x(pointer)), layout.top - 4, 1, layout.bottom - layout.top + 4);
  context.globalAlpha = 1;
}
