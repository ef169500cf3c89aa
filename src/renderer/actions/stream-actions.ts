import type { LabEndpoint } from '../../contract/host-description.ts';
import { currentSummary, isLive, useCaptures } from '../state/captures.ts';
import { useDraft } from '../state/draft.ts';
import { callHost, notifyProblem } from '../state/host.ts';
import type { Behaviours } from './behaviour.ts';
import { focusField } from './focus-field.ts';

export const streamActions: Behaviours<'Stream'> = {
  'focus-url': { run: () => focusField('url') },
  connect: { run: () => void useDraft.getState().connect() },
  'new-request': {
    run: () => {
      useDraft.getState().clear();
      focusField('url');
    },
  },
  'undo-request': {
    isAvailable: () => useDraft.getState().before !== null,
    run: () => useDraft.getState().undo(),
  },
  stop: { isAvailable: isStreaming, run: stop },
};

/** Connects to an endpoint of the lab, as if the user had entered its URL. */
export function tryEndpoint(endpoint: LabEndpoint): void {
  useDraft.getState().clear();
  useDraft.getState().edit({ url: endpoint.url });
  void useDraft.getState().connect();
}

function isStreaming(): boolean {
  const shown = currentSummary(useCaptures.getState());
  return shown !== null && isLive(shown);
}

function stop(): void {
  const { current } = useCaptures.getState();
  if (current !== null) callHost('stream.stop', { capture: current }).catch(notifyProblem);
}
