import type { Density } from '../../contract/lane.ts';
import { countOf } from '../format/count.ts';
import { positionText, quantityText } from '../format/quantity.ts';
import { sliceCount } from './density-slices.ts';
import type { StallSpan } from './stall-spans.ts';

interface TipProps {
  readonly density: Density;
  /** Slice under the pointer. */
  readonly slice: number;
  /** Position under the pointer, and the length of a pixel on the axis. */
  readonly at: number;
  readonly pixel: number;
  readonly stalls: readonly StallSpan[];
  readonly x: number;
  readonly width: number;
}

/** What is under the pointer: the time, and what arrived within that pixel. */
export function TimelineTip({ density, slice, at, pixel, stalls, x, width }: TipProps) {
  const chunks = sliceCount(density, 'chunks', slice);
  const dispatched = density.events[slice] ?? 0;
  const others = density.others[slice] ?? 0;
  const json = sliceCount(density, 'documents', slice);
  const stall = stalls.find((span) => at >= span.from && at <= span.to);
  const lines = [
    chunks > 0 ? `${countOf(chunks, 'chunk')}, ${quantityText(density.bytes[slice] ?? 0, 'bytes')}` : '',
    dispatched > 0 ? countOf(dispatched, 'event') : '',
    others > 0 ? `${countOf(others, 'block')} without event` : '',
    json > 0 ? jsonText(density, slice) : '',
    chunks === 0 && stall !== undefined
      ? `stall, ${stall.open ? 'at least ' : ''}${quantityText(stall.length, 'ms')}`
      : '',
  ].filter((line) => line !== '');
  const right = x > width / 2;
  return (
    <div
      className="timeline-tip"
      style={right ? { right: width - x + 12 } : { left: x + 12 }}
      aria-hidden="true"
    >
      <b>{positionText(at, pixel, density.to, density.unit)}</b>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}

function jsonText(density: Density, slice: number): string {
  const { ok, partial, malformed, other } = density.documents;
  const parts = [
    [ok[slice] ?? 0, 'complete'],
    [partial[slice] ?? 0, 'partial'],
    [malformed[slice] ?? 0, 'malformed'],
    [other[slice] ?? 0, 'not JSON'],
  ] as const;
  return `JSON: ${parts
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`)
    .join(', ')}`;
}
