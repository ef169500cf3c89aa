import type { NoteRecord } from '../../core/capture/record.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { quantityText } from '../format/quantity.ts';
import { Part } from './part.tsx';

/** The time until the first byte: a bar for each phase of the connection. */
export function PhaseChart({ notes }: { readonly notes: readonly NoteRecord[] }) {
  const bars = phaseBars(notes);
  if (bars.length === 0) return null;
  const whole = Math.max(...bars.map((bar) => bar.to), 0.001);
  return (
    <Part title="Phases" aside="until the first byte">
      <ol className="phases">
        {bars.map(({ title, from, to, detail }, index) => (
          <li key={index}>
            <span className="title">{visibleText(title)}</span>
            <span className="track" aria-hidden="true">
              <span
                className="bar"
                style={{ left: `${(from / whole) * 100}%`, width: `${((to - from) / whole) * 100}%` }}
              />
            </span>
            <span className="time">{quantityText(to - from, 'ms')}</span>
            <span className="wire dim">{detail === null ? '' : visibleText(detail)}</span>
          </li>
        ))}
      </ol>
    </Part>
  );
}

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

/** The `phase` notes as bars. A note is written when its phase ends, so the bar ends there. */
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
