import type { CaptureId } from '../../contract/capture-id.ts';
import { countOf } from '../format/count.ts';
import { captureTitle } from '../format/request-title.ts';
import { exactWhenText } from '../format/time.ts';
import { useCaptureGroups } from '../state/capture-groups.ts';
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
      <Choices keep="Keep it" captures={[capture]} />
    </Dialog>
  );
}

/** Asks before all captures that the ladder made are gone for good. */
export function DeleteLadderRunsDialog() {
  const { ofLadder } = useCaptureGroups();
  const close = useDialogs((state) => state.close);
  return (
    <Dialog label="Delete all ladder runs" onClose={close}>
      <h2>Delete all ladder runs?</h2>
      <p className="dim">
        {countOf(ofLadder.length, 'capture')} that the ladder made are removed from this computer. What you
        connected to or opened stays; the results of the rungs stay until the window is closed.
      </p>
      <Choices keep="Keep them" captures={ofLadder} />
    </Dialog>
  );
}

function Choices({ keep, captures }: { readonly keep: string; readonly captures: readonly CaptureId[] }) {
  const close = useDialogs((state) => state.close);
  const deleteAll = async (): Promise<void> => {
    close();
    try {
      for (const id of captures) await useCaptures.getState().delete(id);
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <div className="choices">
      <button type="button" className="button" onClick={close}>
        {keep}
      </button>
      <button type="button" className="button danger" onClick={() => void deleteAll()}>
        Delete
      </button>
    </div>
  );
}
