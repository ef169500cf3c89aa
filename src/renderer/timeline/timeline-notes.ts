import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { endReasonTitles, type EndReason } from '../../core/capture/record.ts';
import { quantityText } from '../format/quantity.ts';
import type { StallSpan } from './stall-spans.ts';
import type { Note } from './timeline-picture.ts';

/** The texts below the lanes, the most important first: those are drawn if there is no room for all. */
export function timelineNotes(
  summary: CaptureSummary,
  stalls: readonly StallSpan[],
  now: number | null,
): readonly Note[] {
  const [longest, ...shorter] = stalls.toSorted((a, b) => b.length - a.length).map(stallNote);
  const notes: Note[] = longest === undefined ? [] : [longest];
  if (summary.firstByteAt !== null) {
    const text = `first byte ${quantityText(summary.firstByteAt, 'ms')}`;
    notes.push({ at: summary.firstByteAt, text, tone: 'ok', line: true, place: 'side' });
  } else if (now !== null) {
    const text = `waiting for the first byte, ${quantityText(now, 'ms')}`;
    notes.push({ at: now, text, tone: 'dim', line: false, place: 'side' });
  }
  notes.push(...shorter);
  const { end } = summary;
  if (end !== null && end.at !== null) {
    const text = `${endWord(end.reason)} ${quantityText(end.at, 'ms')}`;
    notes.push({
      at: end.at,
      text,
      tone: end.reason === 'complete' ? 'dim' : 'bad',
      line: true,
      place: 'side',
    });
  }
  return notes;
}

function stallNote(stall: StallSpan): Note {
  const text = `stall ${stall.open ? '≥ ' : ''}${quantityText(stall.length, 'ms')}`;
  return { at: (stall.from + stall.to) / 2, text, tone: 'stall', line: false, place: 'centre' };
}

function endWord(reason: EndReason): string {
  return reason === 'complete' ? 'end' : endReasonTitles[reason].toLowerCase();
}
