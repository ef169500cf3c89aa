import type { NoteRecord } from '../../core/capture/record.ts';

/** A phase of the connection on the time axis, ms since the request began. */
export interface PhaseBar {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly detail: string | null;
}

const titles = new Map([
  ['lookup', 'Name lookup'],
  ['connect', 'Connect'],
  ['tls', 'TLS'],
  ['request-sent', 'Request sent'],
  ['first-byte', 'First byte'],
]);

/** The `phase` notes as bars. A note is written when its phase is over, so the bar ends at it. */
export function phaseBars(notes: readonly NoteRecord[]): readonly PhaseBar[] {
  const bars: PhaseBar[] = [];
  for (const { note, at, fields } of notes) {
    const { phase, ms, detail } = fields;
    if (note !== 'phase' || at === null || typeof phase !== 'string' || typeof ms !== 'number') continue;
    bars.push({
      title: titles.get(phase) ?? phase,
      from: Math.max(0, at - ms),
      to: at,
      detail: typeof detail === 'string' ? detail : null,
    });
  }
  return bars;
}
