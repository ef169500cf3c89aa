import type { Density, Lane } from '../../contract/lane.ts';
import { sliceCount } from './density-slices.ts';
import type { LaneBox } from './lane-layout.ts';
import type { TimelinePalette } from './timeline-palette.ts';

/** Where a mark is drawn: its slice, its centre and its width. */
export interface Mark {
  readonly slice: number;
  readonly x: number;
  readonly width: number;
}

/** The scale of mark heights in a lane: the largest and the median value of a slice. */
export interface Scale {
  readonly most: number;
  readonly middle: number;
}

/** The scale of a lane. */
export function scaleOf(density: Density, lane: Lane): Scale {
  const counts: number[] = [];
  for (let slice = 0; slice < density.chunks.length; slice++) {
    const count = lane === 'chunks' ? (density.bytes[slice] ?? 0) : sliceCount(density, lane, slice);
    if (count > 0) counts.push(count);
  }
  counts.sort((a, b) => a - b);
  return { most: counts.at(-1) ?? 1, middle: counts[counts.length >> 1] ?? 1 };
}

/** Draws one mark. `highlight` is the colour of a highlighted one, null for the others. */
export function drawMark(
  context: CanvasRenderingContext2D,
  density: Density,
  box: LaneBox,
  mark: Mark,
  scale: Scale,
  palette: TimelinePalette,
  highlight: string | null,
): void {
  // Rounded to half pixels, so that thin marks stay sharp.
  const left = Math.round((mark.x - mark.width / 2) * 2) / 2;
  const room = box.base - box.top;
  switch (box.lane) {
    case 'chunks': {
      // Linear up to the median and logarithmic beyond: chunks of similar size can be compared, and a chunk of a megabyte
      // does not flatten the rest.
      const share =
        Math.asinh((density.bytes[mark.slice] ?? 0) / scale.middle) / Math.asinh(scale.most / scale.middle);
      const height = 3 + share * (room - 9);
      fillRounded(context, left, box.base - height, mark.width, height, highlight ?? palette.chunk);
      return;
    }
    case 'blocks': {
      const dispatched = density.events[mark.slice] ?? 0;
      const height =
        4.6 + crowd(dispatched + (density.others[mark.slice] ?? 0), scale.most) * (room * 0.55 - 4.6);
      const colour = highlight ?? (dispatched > 0 ? palette.event : palette.dim);
      fillRounded(context, left, (box.top + box.base) / 2 - height / 2, mark.width, height, colour);
      return;
    }
    case 'documents':
      drawStates(context, density, box, mark, scale.most, palette, highlight);
  }
}

/** How much a mark grows with the rows it represents: 0 for one row, 1 for the fullest slice. */
function crowd(rows: number, most: number): number {
  return most <= 1 ? 0 : Math.log(Math.max(1, rows)) / Math.log(Math.max(most, 8));
}

/** A JSON mark: one colour per state. Problems get a minimum height, so that even rare ones are visible. */
function drawStates(
  context: CanvasRenderingContext2D,
  density: Density,
  box: LaneBox,
  mark: Mark,
  most: number,
  palette: TimelinePalette,
  highlight: string | null,
): void {
  const { documents } = density;
  const counts = [documents.malformed, documents.partial, documents.ok, documents.other].map(
    (state) => state[mark.slice] ?? 0,
  );
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
  if (highlight === null) return;
  // A highlighted mark gets a frame, so that the colours of its states stay visible.
  context.strokeStyle = highlight;
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

/** Draws marks with problems again, on top and wide enough to be visible among many marks. */
export function drawTrouble(
  context: CanvasRenderingContext2D,
  density: Density,
  box: LaneBox,
  marks: readonly Mark[],
  scale: Scale,
  palette: TimelinePalette,
): void {
  const { malformed, partial } = density.documents;
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
