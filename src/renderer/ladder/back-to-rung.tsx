import { ladderRungs } from '../../core/rungs.ts';
import type { CaptureId } from '../../contract/capture-id.ts';
import { rungOfCapture, useLadder } from '../state/ladder.ts';
import { Icon } from '../widgets/icon.tsx';

/** Shown above a capture made by the ladder: a link back to its rung. */
export function BackToRung({ capture }: { readonly capture: CaptureId }) {
  const rung = useLadder((state) => rungOfCapture(state, capture));
  const broken = useLadder((state) => (rung === null ? null : (state.byRung.get(rung)?.break ?? null)));
  if (rung === null) return null;
  return (
    <div className="back-to-rung">
      <button type="button" className="button quiet small" onClick={() => useLadder.getState().show(rung)}>
        <Icon name="back" size={13} /> Rung {rung}, {ladderRungs[rung].title}
      </button>
      {broken !== null && <span className="tag">broken on purpose: {broken}</span>}
    </div>
  );
}
