import { assertNever } from '../../core/assert-never.ts';
import { toX } from './span-scale.ts';
import type { TimelinePalette } from './timeline-palette.ts';
import type { Note, TimelinePicture } from './timeline-picture.ts';

/** Room kept at the left edge, in px. */
const EDGE = 2;

/** How far a centred text may be moved to find room, in px. */
const NUDGES = [12, 24, 36, 48];

/** Draws the texts below the lanes in the given order; a text without room is left out. */
export function drawNotes(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  palette: TimelinePalette,
): void {
  const { layout, span } = picture;
  const taken: (readonly [from: number, to: number])[] = [];
  context.font = `10.5px ${palette.sans}`;
  context.textAlign = 'left';
  for (const note of picture.notes) {
    const x = layout.left + toX(span, layout.plot, note.at);
    const inSight = x >= layout.left - 1 && x <= layout.left + layout.plot + 1;
    if (!inSight) continue;
    context.fillStyle = noteColour(note, palette);
    const width = context.measureText(note.text).width;
    const left = placeOf(note, x, width, layout.width, taken);
    if (left === null) continue;
    taken.push([left - 10, left + width + 10]);
    context.fillText(note.text, left, layout.bottom + 15);
  }
}

/** Draws the lines of the notes through all lanes, beneath the marks. */
export function drawNoteLines(
  context: CanvasRenderingContext2D,
  { layout, span, notes }: TimelinePicture,
  palette: TimelinePalette,
): void {
  for (const note of notes) {
    if (!note.line) continue;
    const x = Math.round(layout.left + toX(span, layout.plot, note.at));
    context.fillStyle = noteColour(note, palette);
    context.globalAlpha = note.tone === 'dim' ? 0.5 : 1;
    context.fillRect(x, layout.top - 4, 1, layout.bottom - layout.top + 8);
    context.globalAlpha = 1;
  }
}

/** Left edge of the note's text; null if there is no room for it. */
function placeOf(
  note: Note,
  x: number,
  width: number,
  room: number,
  taken: readonly (readonly [from: number, to: number])[],
): number | null {
  const centred = x - width / 2;
  const places =
    note.place === 'centre'
      ? [centred, ...NUDGES.flatMap((nudge) => [centred + nudge, centred - nudge])]
      : [x - width - 4 >= EDGE ? x - width - 4 : Math.min(EDGE, x - width), x + 5, centred];
  const free = (left: number): boolean => taken.every(([from, to]) => left + width < from || left > to);
  const found = places.find((left) => left >= EDGE && left + width <= room - 4 && free(left));
  return found ?? null;
}

function noteColour(note: Note, palette: TimelinePalette): string {
  switch (note.tone) {
    case 'ok':
      return palette.ok;
    case 'stall':
      return palette.gapInk;
    case 'bad':
      return palette.bad;
    case 'dim':
      return palette.dim;
    default:
      return assertNever(note.tone);
  }
}
