import type { Density, Lane } from '../../contract/lane.ts';
import { sliceCount } from './density-slices.ts';
import type { LaneBox, TimelineLayout } from './lane-layout.ts';
import { toX } from './span-scale.ts';
import type { TimelinePalette } from './timeline-palette.ts';
import type { SliceSpan, TimelinePicture } from './timeline-picture.ts';

/** Where a mark is drawn: its slice, its centre and how wide it may be beside its neighbours. */
interface Mark {
  readonly slice: number;
  readonly x: number;
  readonly width: number;
}

/** Draws the marks of all lanes, the lit ones last and joined from lane to lane. */
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
    lit: picture.lit[box.lane],
  }));
  for (const { box, marks, scale } of drawn) {
    for (const mark of marks) drawMark(context, density, box, mark, scale, palette, null);
    if (box.lane === 'json') drawTrouble(context, density, box, marks, scale, palette);
  }
  joinLit(context, picture, density, palette);
  for (const { box, marks, scale, lit } of drawn) {
    if (lit === null) continue;
    for (const mark of marks) {
      if (mark.slice < lit[0] || mark.slice > lit[1]) continue;
      const wide = { ...mark, width: Math.max(mark.width, box.lane === picture.lane ? 4.6 : 3.6) };
      drawMark(context, density, box, wide, scale, palette, palette.ink);
    }
  }
}

/** Marks in sight of a lane, from left to right, all of one width: as wide as most of them have room for. */
function marksOf({ layout, span }: TimelinePicture, density: Density, lane: Lane): readonly Mark[] {
  const slices = density.chunks.length;
  const length = (density.to - density.from) / slices;
  const found: { slice: number; x: number }[] = [];
  const apart: number[] = [];
  for (let slice = 0; slice < slices; slice++) {
    if (sliceCount(density, lane, slice) === 0) continue;
    const x = layout.left + toX(span, layout.plot, density.from + (slice + 0.5) * length);
    if (x < layout.left - 6 || x > layout.left + layout.plot + 6) continue;
    const before = found.at(-1);
    if (before !== undefined) apart.push(x - before.x);
    found.push({ slice, x });
  }
  const widest = lane === 'chunks' ? 3 : 4.6;
  const room = apart.sort((a, b) => a - b)[Math.floor(apart.length * 0.2)] ?? widest + 1;
  // Marks that touch are drawn as one shape; those with a little room keep a gap between them.
  const width = Math.max(1, Math.min(widest, room < 2.2 ? room + 0.2 : room - 0.9));
  return found.map((mark) => ({ ...mark, width }));
}

/** What mark heights of a lane are measured by: the most there is in a slice, and for bytes the middle too. */
interface Scale {
  readonly most: number;
  readonly middle: number;
}

function scaleOf(density: Density, lane: Lane): Scale {
  const counts: number[] = [];
  for (let slice = 0; slice < density.chunks.length; slice++) {
    const count = lane === 'chunks' ? (density.bytes[slice] ?? 0) : sliceCount(density, lane, slice);
    if (count > 0) counts.push(count);
  }
  counts.sort((a, b) => a - b);
  return { most: counts.at(-1) ?? 1, middle: counts[counts.length >> 1] ?? 1 };
}

function drawMark(
  context: CanvasRenderingContext2D,
  density: Density,
  box: LaneBox,
  mark: Mark,
  scale: Scale,
  palette: TimelinePalette,
  lit: string | null,
): void {
  const left = mark.x - mark.width / 2;
  const room = box.base - box.top;
  switch (box.lane) {
    case 'chunks': {
      // Proportional up to the middle, by orders of magnitude beyond it: chunks of one size can be compared, and one of a
      // megabyte does not flatten the rest.
      const share =
        Math.asinh((density.bytes[mark.slice] ?? 0) / scale.middle) / Math.asinh(scale.most / scale.middle);
      const height = 3 + share * (room - 9);
      fillRounded(context, left, box.base - height, mark.width, height, lit ?? palette.chunk);
      return;
    }
    case 'events': {
      const dispatched = density.events[mark.slice] ?? 0;
      const height =
        4.6 + crowd(dispatched + (density.others[mark.slice] ?? 0), scale.most) * (room * 0.55 - 4.6);
      const colour = lit ?? (dispatched > 0 ? palette.event : palette.dim);
      fillRounded(context, left, (box.top + box.base) / 2 - height / 2, mark.width, height, colour);
      return;
    }
    case 'json':
      drawStates(context, density, box, mark, scale.most, palette, lit);
  }
}

/** How much a mark grows for the rows it stands for: 0 for one row, 1 for the most crowded slice. */
function crowd(rows: number, most: number): number {
  return most <= 1 ? 0 : Math.log(Math.max(1, rows)) / Math.log(Math.max(most, 8));
}

/** A JSON mark: one colour per state in it. What went wrong gets room to be seen, however rare it is. */
function drawStates(
  context: CanvasRenderingContext2D,
  density: Density,
  box: LaneBox,
  mark: Mark,
  most: number,
  palette: TimelinePalette,
  lit: string | null,
): void {
  const { json } = density;
  const counts = [json.malformed, json.partial, json.ok, json.other].map((state) => state[mark.slice] ?? 0);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const room = box.base - box.top;
  const height = 9 + crowd(rows, most) * (room * 0.62 - 9);
  const colours = [palette.bad, palette.part, palette.ok, palette.dim];
  const present = counts.filter((count) => count > 0).length;
  const least = Math.min(3, height / present);
  const left = mark.x - mark.width / 2;
  let y = (box.top + box.base) / 2 - height / 2;
  counts.forEach((count, index) => {
    if (count === 0) return;
    const part = least + (count / rows) * (height - least * present);
    fillRounded(context, left, y, mark.width, part, colours[index] ?? palette.dim);
    y += part;
  });
  if (lit === null) return;
  // The state's colour stays: a lit mark is framed, not painted over.
  context.strokeStyle = lit;
  context.lineWidth = 1.6;
  context.beginPath();
  context.roundRect(
    left - 1.6,
    (box.top + box.base) / 2 - height / 2 - 1.6,
    mark.width + 3.2,
    height + 3.2,
    2.4,
  );
  context.stroke();
}

/** Draws what went wrong again, on top and wide enough to be seen in any crowd. */
function drawTrouble(
  context: CanvasRenderingContext2D,
  density: Density,
  box: LaneBox,
  marks: readonly Mark[],
  scale: Scale,
  palette: TimelinePalette,
): void {
  const { malformed, partial } = density.json;
  for (const mark of marks) {
    if ((malformed[mark.slice] ?? 0) + (partial[mark.slice] ?? 0) === 0) continue;
    drawStates(
      context,
      density,
      box,
      { ...mark, width: Math.max(mark.width, 2.6) },
      scale.most,
      palette,
      null,
    );
  }
}

function fillRounded(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
): void {
  context.fillStyle = colour;
  if (width < 2.4) {
    context.fillRect(x, y, width, height);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(width / 2, height / 2, 2.3));
  context.fill();
}

/** Joins the lit marks of the three lanes by thin lines, and points at them from the axis. */
function joinLit(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  density: Density,
  palette: TimelinePalette,
): void {
  const { layout, lit } = picture;
  const places = layout.lanes.flatMap((box) => {
    const slices = lit[box.lane];
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
  const length = (density.to - density.from) / density.chunks.length;
  const x = (slice: number): number =>
    layout.left + toX(span, layout.plot, density.from + (slice + 0.5) * length);
  return [x(first), x(last)];
}
