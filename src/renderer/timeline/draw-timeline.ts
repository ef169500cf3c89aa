import { quantityText } from '../format/quantity.ts';
import { drawMarks } from './draw-marks.ts';
import { drawNoteLines, drawNotes } from './draw-notes.ts';
import { drawTicks } from './axis-ticks.ts';
import { toX } from './span-scale.ts';
import type { TimelinePalette } from './timeline-palette.ts';
import type { TimelinePicture } from './timeline-picture.ts';

const LANE_NAMES = { chunks: 'Chunks', blocks: 'Events', documents: 'JSON' } as const;

/**
 * Draws the whole picture, in time proportional to its pixels, not to the capture. The context must be scaled to CSS pixels.
 */
export function drawTimeline(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  palette: TimelinePalette,
): void {
  const { layout } = picture;
  context.clearRect(0, 0, layout.width, layout.height);
  drawAxis(context, picture, palette);
  context.save();
  context.beginPath();
  context.rect(layout.left - 4, 0, layout.plot + 8, layout.height);
  context.clip();
  drawShades(context, picture, palette);
  drawNoteLines(context, picture, palette);
  drawMarks(context, picture, palette);
  drawPointer(context, picture, palette);
  context.restore();
  drawNotes(context, picture, palette);
}

function drawAxis(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  palette: TimelinePalette,
): void {
  const { layout } = picture;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.font = `11.5px ${palette.sans}`;
  context.fillStyle = palette.soft;
  for (const box of layout.lanes) {
    context.fillText(
      LANE_NAMES[box.lane],
      14,
      box.lane === 'chunks' ? box.base - 12 : (box.top + box.base) / 2 + 4,
    );
    context.fillStyle = palette.line;
    context.fillRect(layout.left, Math.round(box.base), layout.plot, 1);
    context.fillStyle = palette.soft;
  }
  drawTicks(context, picture, palette);
}

function drawShades(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  palette: TimelinePalette,
): void {
  const { layout, span } = picture;
  const shade = (from: number, to: number, colour: string, inset: number): void => {
    const left = layout.left + toX(span, layout.plot, from) + inset;
    const right = layout.left + toX(span, layout.plot, to) - inset;
    context.fillStyle = colour;
    context.fillRect(left, layout.top, Math.max(1, right - left), layout.bottom - layout.top + 1);
  };
  for (const stall of picture.stalls) shade(stall.from, stall.to, palette.gap, 2);
  if (picture.waiting !== null) shade(picture.waiting.from, picture.waiting.to, palette.wait, 0);
}

function drawPointer(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  palette: TimelinePalette,
): void {
  const { layout, span, pointer, brush } = picture;
  if (brush !== null) {
    const left = layout.left + toX(span, layout.plot, brush.from);
    const right = layout.left + toX(span, layout.plot, brush.to);
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.14;
    context.fillRect(left, layout.top, right - left, layout.bottom - layout.top);
    context.globalAlpha = 1;
    context.fillRect(left - 0.5, layout.top, 1, layout.bottom - layout.top);
    context.fillRect(right - 0.5, layout.top, 1, layout.bottom - layout.top);
    context.font = `600 10.5px ${palette.sans}`;
    context.textAlign = 'center';
    const text = quantityText(brush.to - brush.from, picture.unit);
    const width = context.measureText(text).width + 10;
    if (width > right - left) return;
    context.beginPath();
    context.roundRect((left + right - width) / 2, layout.top + 2, width, 16, 4);
    context.fill();
    context.fillStyle = palette.background;
    context.fillText(text, (left + right) / 2, layout.top + 14);
    return;
  }
  if (pointer === null) return;
  const x = Math.round(layout.left + toX(span, layout.plot, pointer));
  context.fillStyle = palette.dim;
  context.globalAlpha = 0.55;
  context.fillRect(x, layout.top - 4, 1, layout.bottom - layout.top + 4);
  context.globalAlpha = 1;
}
