import { useEffect, useEffectEvent, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { Filter, Lane } from '../../contract/lane.ts';
import { narrowing } from '../../contract/narrowing.ts';
import { callHost, notifyProblem } from '../state/host.ts';
import { litRows, useSelection } from '../state/selection.ts';
import { useView } from '../state/view.ts';

interface Found {
  readonly row: number;
  readonly filter: Filter;
  readonly position: number;
}

/**
 * Position of the selected row, or of the first one related to it: where the keyboard goes on from. A selection made
 * elsewhere (timeline, detail, another lane) is brought into sight. Null while there is none, or it is looked up.
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
  const [found, setFound] = useState<Found | null>(null);
  const row = useSelection((state) => litRows(state, lane)?.[0] ?? null);
  const arrive = useEffectEvent((position: number) => {
    useView.getState().setFollow(false);
    reveal(position);
  });

  useEffect(() => {
    if (row === null || !measured) return undefined;
    if (narrowing(filter, lane) === null) {
      arrive(row);
      return undefined;
    }
    let overtaken = false;
    const look = async (): Promise<void> => {
      const { position } = await callHost('capture.position', { capture, lane, row, filter });
      if (overtaken) return;
      setFound({ row, filter, position });
      arrive(position);
    };
    look().catch(notifyProblem);
    return () => {
      overtaken = true;
    };
  }, [capture, lane, filter, measured, row]);

  if (row === null || narrowing(filter, lane) === null) return row;
  return found?.row === row && found.filter === filter ? found.position : null;
}
