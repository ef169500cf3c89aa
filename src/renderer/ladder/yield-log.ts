import type { Exchange } from '../../contract/capture-summary.ts';
import type { LaneRow } from '../../contract/lane.ts';

/** One yield of the server beside the event that it became, on the client's clock: ms since the request began. */
export interface YieldRow {
  readonly n: number;
  /** Null where more events arrived than were yielded. */
  readonly yieldedAt: number | null;
  /** Null where it has not arrived. */
  readonly arrivedAt: number | null;
  /** ms from the one to the other; null where either is missing. */
  readonly delay: number | null;
  /** ms since the yield and the arrival before; null for the first. */
  readonly yieldGap: number | null;
  readonly arrivalGap: number | null;
  /** What tells the event from the one before it; what the server says it yielded, where it is no JSON. */
  readonly text: string;
  /** `seq` of the event. */
  readonly seq: number | null;
}

/**
 * The server's yields, which a run of the ladder notes in its capture, beside the events that the client dispatched:
 * the n-th to the n-th, as the checks compare them.
 */
export function yieldRows(notes: Exchange['notes'], events: readonly LaneRow[]): readonly YieldRow[] {
  const yields = notes.filter((note) => note.note === 'yield');
  const arrived = events.flatMap((row) =>
    row.lane === 'blocks' && row.seq !== null ? [{ seq: row.seq, at: row.at, preview: row.preview }] : [],
  );
  const rows: YieldRow[] = [];
  for (let n = 0; n < Math.max(yields.length, arrived.length); n++) {
    const yieldedAt = yields[n]?.at ?? null;
    const arrivedAt = arrived[n]?.at ?? null;
    const before = rows.at(-1);
    const said = yields[n]?.fields['text'];
    const preview = arrived[n]?.preview;
    rows.push({
      n,
      yieldedAt,
      arrivedAt,
      delay: difference(arrivedAt, yieldedAt),
      yieldGap: difference(yieldedAt, before?.yieldedAt ?? null),
      arrivalGap: difference(arrivedAt, before?.arrivedAt ?? null),
      text:
        preview === undefined || preview.path === null
          ? typeof said === 'string'
            ? said
            : ''
          : `${preview.path} ${preview.text}`,
      seq: arrived[n]?.seq ?? null,
    });
  }
  return rows;
}

function difference(later: number | null, earlier: number | null): number | null {
  return later === null || earlier === null ? null : later - earlier;
}

/** The last moment of any of them; 0 for none. */
export function lastMoment(rows: readonly YieldRow[]): number {
  return rows.reduce((last, row) => Math.max(last, row.yieldedAt ?? 0, row.arrivedAt ?? 0), 0);
}
