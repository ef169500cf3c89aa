import type { Density, Lane } from '../../contract/lane.ts';
import { sliceCount, sliceMiddle, type SliceSpan } from './density-slices.ts';
import { drawMark, drawTrouble, scaleOf, type Mark } from './draw-mark.ts';
import type { TimelineLayout } from './lane-layout.ts';
import { toX } from './span-scale.ts';
import type { TimelinePalette } from './timeline-palette.ts';
import type { TimelinePicture } from './timeline-picture.ts';

/** Draws the marks of all lanes; highlighted ones last, connected from lane to lane. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  palette: TimelinePalette,
): void {
  const { layout, density } = picture;
  if (density === null) return;
  const drawn = layout.lanes.map((box) => ({
    box,
    marks: marksOf(picture, density, box.lane),
    scale: scaleOf(density, box.lane),
    highlighted: picture.highlighted[box.lane],
  }));
  for (const { box, marks, scale } of drawn) {
    for (const mark of marks) drawMark(context, density, box, mark, scale, palette, null);
    if (box.lane === 'documents') drawTrouble(context, density, box, marks, scale, palette);
  }
  joinHighlighted(context, picture, density, palette);
  for (const { box, marks, scale, highlighted } of drawn) {
    if (highlighted === null) continue;
    for (const mark of marks) {
      if (mark.slice < highlighted[0] || mark.slice > highlighted[1]) continue;
      const wide = { ...mark, width: Math.max(mark.width, box.lane === picture.lane ? 4.6 : 3.6) };
      drawMark(context, density, box, wide, scale, palette, palette.ink);
    }
  }
}

/** The visible marks of a lane from left to right, all with the same width: as wide as most of them have room for. */
function marksOf({ layout, span }: TimelinePicture, density: Density, lane: Lane): readonly Mark[] {
  const slices = density.chunks.length;
  const found: { slice: number; x: number }[] = [];
  const apart: number[] = [];
  for (let slice = 0; slice < slices; slice++) {
    if (sliceCount(density, lane, slice) === 0) continue;
    const x = layout.left + toX(span, layout.plot, sliceMiddle(density, slice));
    if (x < layout.left - 6 || x > layout.left + layout.plot + 6) continue;
    const before = found.at(-1);
    if (before !== undefined) apart.push(x - before.x);
    found.push({ slice, x });
  }
  const widest = lane === 'chunks' ? 3 : 4.6;
  const room = apart.toSorted((a, b) => a - b)[Math.floor(apart.length * 0.3)] ?? widest + 1;
  // Marks that touch form one shape; others keep a gap between them.
  const width = Math.max(1.5, Math.min(widest, room < 2.2 ? room + 0.2 : room - 0.9));
  return found.map((mark) => ({ ...mark, width }));
}

/** Connects the highlighted marks of the three lanes with thin lines, and points at them from the axis. */
function joinHighlighted(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  density: Density,
  palette: TimelinePalette,
): void {
  const { layout, highlighted } = picture;
  const places = layout.lanes.flatMap((box) => {
    const slices = highlighted[box.lane];
    if (slices === null) return [];
    const middle = box.lane === 'chunks' ? box.base : (box.top + box.base) / 2;
    return [{ slices, y: middle }];
  });
  const first = places[0];
  if (first === undefined) return;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1;
  context.globalAlpha = 0.6;
  places.forEach((place, index) => {
    const below = places[index + 1];
    if (below === undefined) return;
    const [left, right] = edges(picture, density, place.slices);
    const [leftBelow, rightBelow] = edges(picture, density, below.slices);
    context.beginPath();
    context.moveTo(left, place.y);
    context.lineTo(leftBelow, below.y);
    context.moveTo(right, place.y);
    context.lineTo(rightBelow, below.y);
    context.stroke();
  });
  context.globalAlpha = 1;
  pointFromAxis(context, layout, edges(picture, density, first.slices), palette);
}

function pointFromAxis(
  context: CanvasRenderingContext2D,
  { top }: TimelineLayout,
  [left, right]: SliceSpan,
  palette: TimelinePalette,
): void {
  context.fillStyle = palette.accent;
  context.beginPath();
  context.moveTo(left - 4, top - 7);
  context.lineTo(right + 4, top - 7);
  context.lineTo((left + right) / 2, top - 1);
  context.fill();
}

/** Pixels of the centres of the first and the last slice. */
function edges({ layout, span }: TimelinePicture, density: Density, [first, last]: SliceSpan): SliceSpan {
  const x = (slice: number): number => layout.left + toX(span, layout.plot, sliceMiddle(density, slice));
  return [x(first), x(last)];
}
