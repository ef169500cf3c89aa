import type { CaptureId } from '../../contract/capture-id.ts';
import { countOf } from '../format/count.ts';
import { captureTitle } from '../format/request-title.ts';
import { exactWhenText } from '../format/when.ts';
import { useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { notifyProblem } from '../state/host.ts';
import { Dialog } from '../widgets/dialog.tsx';

/** Asks before a capture is gone for good. */
export function DeleteDialog({ capture }: { readonly capture: CaptureId }) {
  const summary = useCaptures((state) => state.byId.get(capture));
  const close = useDialogs((state) => state.close);
  if (summary === undefined) return null;
  return (
    <Dialog label="Delete the capture" onClose={close}>
      <h2>Delete this capture?</h2>
      <p className="wire">{captureTitle(summary)}</p>
      <p className="dim">
        {countOf(summary.dispatched, 'event')}, begun {exactWhenText(summary.startedAt)}. It is removed from
        this computer and cannot be brought back.
      </p>
      <div className="choices">
        <button type="button" className="button" onClick={close}>
          Keep it
        </button>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            close();
            useCaptures.getState().delete(capture).catch(notifyProblem);
          }}
        >
          Delete
        </button>
      </div>
    </Dialog>
  );
}
