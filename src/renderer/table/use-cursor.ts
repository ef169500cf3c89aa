import { useEffect, useEffectEvent } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { Filter, Lane } from '../../contract/lane.ts';
import { narrowing } from '../../contract/narrowing.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { useHighlightedRows } from '../state/selection.ts';
import { useFailureNotice, useHostQuery } from '../state/use-host-query.ts';
import { useView } from '../state/view.ts';

const positionQuery: HostQuery<
  { readonly capture: CaptureId; readonly lane: Lane; readonly row: number; readonly filter: Filter },
  { readonly position: number }
> = {
  ask: (params) => callHost('capture.position', params),
  scope: ({ capture }) => capture,
};

/**
 * Position of the selected row, or of the first row related to it: the keyboard continues from there. A selection made
 * elsewhere (timeline, detail, another lane) is scrolled into view. Null without a selection, and while the host looks it up.
 *
 * @param measured whether the table knows its height yet
 */
export function useCursor(
  capture: CaptureId,
  lane: Lane,
  filter: Filter,
  measured: boolean,
  reveal: (position: number) => void,
): number | null {
  const row = useHighlightedRows(lane)?.[0] ?? null;
  const isFiltered = narrowing(filter, lane) !== null;
  const found = useHostQuery(
    positionQuery,
    row === null || !measured || !isFiltered ? null : { params: { capture, lane, row, filter } },
  );
  const position = !isFiltered ? row : found.status === 'ready' ? found.data.position : null;

  const arrive = useEffectEvent((to: number) => {
    useView.getState().setFollow(false);
    reveal(to);
  });
  useEffect(() => {
    if (measured && position !== null) arrive(position);
  }, [capture, lane, filter, measured, row, position]);
  useFailureNotice(found);

  return position;
}
