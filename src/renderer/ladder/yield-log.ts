import type { Exchange } from '../../contract/capture-summary.ts';
import type { LaneRow } from '../../contract/lane.ts';

/** A yield of the server and the event that it became. Times are on the client's clock, in ms since the request began. */
export interface YieldRow {
  readonly n: number;
  /** Null if more events arrived than were yielded. */
  readonly yieldedAt: number | null;
  /** Null if it has not arrived. */
  readonly arrivedAt: number | null;
  /** From yield to arrival, in ms; null if either is missing. */
  readonly delay: number | null;
  /** Time since the previous yield and since the previous arrival, in ms; null for the first. */
  readonly yieldGap: number | null;
  readonly arrivalGap: number | null;
  /** The preview of the event; the text that the server yielded if the event is not JSON. */
  readonly text: string;
  /** `seq` of the event. */
  readonly seq: number | null;
}

/**
 * Pairs the yields of the server, which are notes in the capture, with the events that the client dispatched: the n-th
 * with the n-th, as the checks do.
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

/** The time of the last yield or arrival; 0 if there are none. */
export function lastMoment(rows: readonly YieldRow[]): number {
  return rows.reduce((last, row) => Math.max(last, row.yieldedAt ?? 0, row.arrivedAt ?? 0), 0);
}
