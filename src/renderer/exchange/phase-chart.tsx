import type { NoteRecord } from '../../core/capture/record.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { quantityText } from '../format/quantity.ts';
import { Part } from './part.tsx';
import { phaseBars } from './phases.ts';

/** Where the time went until the first byte came: a bar for each phase of the connection. */
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
