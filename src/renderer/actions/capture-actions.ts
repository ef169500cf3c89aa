import { captureGroups } from '../state/capture-groups.ts';
import { currentSummary, useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { isSendable, useDraft } from '../state/draft.ts';
import { notifyProblem } from '../state/host.ts';
import { useLadder } from '../state/ladder.ts';
import type { Behaviours } from './behaviour.ts';
import { focusField } from './focus-field.ts';

/** Whether a capture is open. */
export const hasCapture = (): boolean => currentSummary(useCaptures.getState()) !== null;

export const captureActions: Behaviours<'Capture'> = {
  'open-file': { run: () => useDialogs.getState().show({ kind: 'open-file', format: null }) },
  'open-as': { run: () => useDialogs.getState().show({ kind: 'open-as' }) },
  export: {
    isAvailable: () => hasCapture() && useLadder.getState().shown === null,
    run: () => useDialogs.getState().show({ kind: 'export' }),
  },
  rename: { isAvailable: hasCapture, run: () => askAboutCurrent('rename') },
  'send-again': { isAvailable: hasRequest, run: sendAgain },
  'edit-and-send': { isAvailable: hasRequest, run: editAndSend },
  compare: { isAvailable: hasCapture, run: () => askAboutCurrent('compare') },
  delete: { isAvailable: hasCapture, run: () => askAboutCurrent('delete') },
  'next-capture': { run: () => showNeighbour(1) },
  'previous-capture': { run: () => showNeighbour(-1) },
};

/** Whether the capture was made with a request: one of a file may have none. */
function hasRequest(): boolean {
  return isSendable(currentSummary(useCaptures.getState()));
}

function sendAgain(): void {
  const { current } = useCaptures.getState();
  if (current !== null) useDraft.getState().sendAgain(current).catch(notifyProblem);
}

function editAndSend(): void {
  const { current } = useCaptures.getState();
  if (current === null) return;
  useDraft
    .getState()
    .takeOver(current)
    .then(() => focusField('url'), notifyProblem);
}

function askAboutCurrent(kind: 'rename' | 'compare' | 'delete'): void {
  const { current } = useCaptures.getState();
  if (current !== null) useDialogs.getState().show({ kind, capture: current });
}

function showNeighbour(by: number): void {
  const { current, show } = useCaptures.getState();
  const { own, ofLadder } = captureGroups(useCaptures.getState());
  const order = current !== null && ofLadder.includes(current) ? ofLadder : own;
  const at = current === null ? -1 : order.indexOf(current);
  const next = order[Math.min(order.length - 1, Math.max(0, at + by))];
  if (next !== undefined) show(next);
}
