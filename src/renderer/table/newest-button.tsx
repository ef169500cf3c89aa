import type { Lane } from '../../contract/lane.ts';
import { countOf } from '../format/count.ts';
import { useView } from '../state/view.ts';
import { Icon } from '../widgets/icon.tsx';

/**
 * Resumes following a stream, and shows how many rows are new.
 *
 * @param counted number of rows of the lane; null if only some are shown
 */
export function NewestButton({ counted, lane }: { readonly counted: number | null; readonly lane: Lane }) {
  const leftAt = useView((state) => state.leftAt?.[lane] ?? null);
  const setFollow = useView((state) => state.setFollow);
  const missed = counted === null || leftAt === null ? 0 : counted - leftAt;
  return (
    <button type="button" className="button newest" onClick={() => setFollow(true)}>
      <Icon name="down" size={13} /> Jump to newest{missed > 0 && <small>{countOf(missed, 'new row')}</small>}
    </button>
  );
}
