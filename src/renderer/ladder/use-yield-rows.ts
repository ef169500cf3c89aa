import type { CaptureId } from '../../contract/capture-id.ts';
import { contentVersion, useCaptures } from '../state/captures.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { callHost } from '../state/host.ts';
import { type QueryState, useHostQuery } from '../state/use-host-query.ts';
import { type YieldRow, yieldRows } from './yield-log.ts';

/** Maximum number of rows: the runs of the ladder have a few dozen. */
const limit = 1000;

const yieldsQuery: HostQuery<{ readonly capture: CaptureId }, readonly YieldRow[]> = {
  ask: async ({ capture }) => {
    const [exchange, window] = await Promise.all([
      callHost('capture.exchange', { capture }),
      callHost('capture.rows', { capture, lane: 'blocks', from: 0, to: limit }),
    ]);
    return yieldRows(exchange.notes, window.rows).slice(0, limit);
  },
  scope: ({ capture }) => capture,
};

/** The yields and arrivals of a run, read again as events arrive. */
export function useYieldRows(capture: CaptureId): QueryState<readonly YieldRow[]> {
  const version = useCaptures((state) => {
    const summary = state.byId.get(capture);
    return summary === undefined ? '' : contentVersion(summary);
  });
  return useHostQuery(yieldsQuery, { params: { capture }, revision: version });
}
