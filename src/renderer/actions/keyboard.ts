import { useHost } from '../state/host.ts';
import { useDialogs } from '../state/dialogs.ts';
import { actionIds, actions, runAction } from './actions.ts';
import { isPressed } from './shortcut.ts';

/** Listens for the shortcuts of all actions. Returns the end of it. */
export function listenForShortcuts(): () => void {
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  // A question that is open is answered first; its own keys are its own affair.
  const { open } = useDialogs.getState();
  const asks = open !== null && open.kind !== 'rename' && open.kind !== 'export';
  const modifier = useHost.getState().description?.modifier ?? 'Ctrl';
  for (const id of actionIds) {
    const { shortcut } = actions[id];
    if (shortcut === undefined || !isPressed(shortcut, event, modifier)) continue;
    // Kept from the browser in any case: Ctrl+O must not open a file over the page.
    event.preventDefault();
    if (!asks) runAction(id, 'key');
    return;
  }
}
