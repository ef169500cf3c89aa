import { countOf } from '../format/count.ts';
import { useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { notifyProblem } from '../state/host.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { useCaptureGroups } from '../state/capture-groups.ts';

/** Asks before all captures that the ladder made are gone for good. */
export function DeleteLadderRunsDialog() {
  const { ofLadder } = useCaptureGroups();
  const close = useDialogs((state) => state.close);
  const deleteAll = async (): Promise<void> => {
    close();
    try {
      for (const id of ofLadder) await useCaptures.getState().delete(id);
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Dialog label="Delete all ladder runs" onClose={close}>
      <h2>Delete all ladder runs?</h2>
      <p className="dim">
        {countOf(ofLadder.length, 'capture')} that the ladder made are removed from this computer. What you
        connected to or opened stays; the results of the rungs stay until the window is closed.
      </p>
      <div className="choices">
        <button type="button" className="button" onClick={close}>
          Keep them
        </button>
        <button type="button" className="button danger" onClick={() => void deleteAll()}>
          Delete
        </button>
      </div>
    </Dialog>
  );
}
