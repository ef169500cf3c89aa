import type { Density } from '../../contract/lane.ts';
import { lanes } from '../../contract/lane-name.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { ItemDetail } from '../../contract/item.ts';
import { pickRow, useSelection } from '../state/selection.ts';
import { firstRows } from './density-slices.ts';
import type { TimelineKey } from './timeline-keys.ts';

/** Moves the selection from row to row and from lane to lane. */
export function stepSelection(
  key: Extract<TimelineKey, { readonly kind: 'row' | 'lane' | 'end' }>,
  summary: CaptureSummary,
  density: Density | null,
  detail: ItemDetail | null,
): void {
  const { lane, row } = useSelection.getState();
  const last = summary.rows[lane] - 1;
  switch (key.kind) {
    case 'row': {
      if (last < 0) return;
      // Without a selection, begin with the first visible row.
      const from = row === null ? (density === null ? 0 : (firstRows(density, lane)[0] ?? 0)) : row + key.by;
      pickRow(lane, Math.min(Math.max(from, 0), last));
      return;
    }
    case 'end':
      if (last >= 0) pickRow(lane, key.last ? last : 0);
      return;
    case 'lane': {
      const next = lanes[lanes.indexOf(lane) + key.by];
      if (next === undefined) return;
      const related = detail?.related[next]?.[0];
      if (row === null || related === undefined) useSelection.getState().showLane(next);
      else pickRow(next, related);
    }
  }
}
