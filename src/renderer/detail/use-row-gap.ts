import type { CaptureId } from '../../contract/capture-id.ts';
import type { ItemDetail } from '../../contract/item.ts';
import type { Lane } from '../../contract/lane.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { useHostQuery } from '../state/use-host-query.ts';

const gapQuery: HostQuery<
  { readonly capture: CaptureId; readonly lane: Lane; readonly row: number },
  number | null
> = {
  ask: async ({ capture, lane, row }) => {
    const { rows } = await callHost('capture.rows', { capture, lane, from: row, to: row + 1 });
    return rows[0]?.gap ?? null;
  },
  scope: ({ capture }) => capture,
};

/**
 * Milliseconds between an item and the one before it in its lane: its row knows. Null for none, or not known yet; where the
 * host refuses it is merely left out.
 */
export function useRowGap(capture: CaptureId, { lane, row }: ItemDetail): number | null {
  const gap = useHostQuery(gapQuery, { params: { capture, lane, row } });
  return gap.status === 'ready' ? gap.data : null;
}
