import type { CaptureId } from '../../contract/capture-id.ts';
import { countOf } from '../format/count.ts';
import { captureTitle } from '../format/request-title.ts';
import { exactWhenText } from '../format/time.ts';
import { useCaptureGroups } from '../state/capture-groups.ts';
import { useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { notifyProblem } from '../state/host.ts';
import { Dialog } from '../widgets/dialog.tsx';

/** Asks for confirmation before a capture is deleted. */
export function DeleteDialog({ capture }: { readonly capture: CaptureId }) {
  const summary = useCaptures((state) => state.byId.get(capture));
  const close = useDialogs((state) => state.close);
  if (summary === undefined) return null;
  return (
    <Dialog label="Delete capture" onClose={close}>
      <h2>Delete this capture?</h2>
      <p className="wire">{captureTitle(summary)}</p>
      <p className="dim">
        {countOf(summary.dispatched, 'event')}, started {exactWhenText(summary.startedAt)}. It is deleted from
        this computer. This cannot be undone.
      </p>
      <Choices captures={[capture]} />
    </Dialog>
  );
}

/** Asks for confirmation before all captures made by the ladder are deleted. */
export function DeleteLadderRunsDialog() {
  const { ofLadder } = useCaptureGroups();
  const close = useDialogs((state) => state.close);
  return (
    <Dialog label="Delete all ladder runs" onClose={close}>
      <h2>Delete all ladder runs?</h2>
      <p className="dim">
        {countOf(ofLadder.length, 'capture')} of the ladder are deleted from this computer. Your own captures
        stay. The results of the rungs stay until you close the window.
      </p>
      <Choices captures={ofLadder} />
    </Dialog>
  );
}

function Choices({ captures }: { readonly captures: readonly CaptureId[] }) {
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
        Cancel
      </button>
      <button type="button" className="button danger" onClick={() => void deleteAll()}>
        Delete
      </button>
    </div>
  );
}
