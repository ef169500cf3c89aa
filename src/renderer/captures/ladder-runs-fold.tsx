import { useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { countText } from '../format/count.ts';
import { useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { Icon } from '../widgets/icon.tsx';
import { CaptureList } from './capture-list.tsx';

/** The captures that the ladder made: a line until somebody wants to see them, and a way to be rid of them. */
export function LadderRunsFold({ ids }: { readonly ids: readonly CaptureId[] }) {
  const [open, setOpen] = useState(false);
  // One that is looked at is shown in any case.
  const current = useCaptures((state) => state.current);
  const shown = open ? ids : ids.filter((id) => id === current);
  return (
    <div className="fold">
      <div className="fold-head">
        <button type="button" className="fold-switch" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="chevron" size={12} /> Ladder runs <span className="count">{countText(ids.length)}</span>
        </button>
        <button
          type="button"
          className="button quiet square small"
          aria-label="Delete all ladder runs"
          title="Delete all ladder runs…"
          onClick={() => useDialogs.getState().show({ kind: 'delete-ladder-runs' })}
        >
          <Icon name="close" size={12} />
        </button>
      </div>
      {shown.length > 0 && <CaptureList ids={shown} label="Ladder runs, newest first" />}
    </div>
  );
}
