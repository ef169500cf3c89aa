import type { CaptureId } from '../../contract/capture-id.ts';
import type { Density } from '../../contract/lane.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { useHostQuery, type QueryState } from '../state/use-host-query.ts';
import type { Span } from '../state/view.ts';

const densityQuery: HostQuery<
  { readonly capture: CaptureId; readonly from: number; readonly to: number; readonly width: number },
  Density
> = {
  ask: (params) => callHost('capture.density', params),
  scope: ({ capture }) => capture,
};

/** Most slices that the host counts at once. */
const mostSlices = 8192;

/**
 * Counts per pixel of `span` of one capture; those of the previous span until they have arrived.
 *
 * @param width slices wanted, 0 for none yet
 * @param version see `contentVersion`: asked again whenever it changes
 */
export function useDensity(
  capture: CaptureId,
  { from, to }: Span,
  width: number,
  version: string,
): QueryState<Density> {
  return useHostQuery(
    densityQuery,
    width < 1 || !(to > from)
      ? null
      : { params: { capture, from, to, width: Math.min(mostSlices, width) }, revision: version },
  );
}
