import { actionIds, windowActions, type ActionId } from '../../contract/window-actions.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useHost } from '../state/host.ts';
import { runAction } from './actions.ts';
import { isPressed, type Keys } from './shortcut.ts';

/** A menu item's event that comes at most this long after the same shortcut is an echo of that key press, in ms. */
const echo = 250;

/** Runs actions for key presses in the page and for the host's menu bar, which may hear the same key press. */
export class ActionInput {
  readonly #now: () => number;
  #lastByKey: { readonly id: ActionId; readonly at: number } | null = null;

  /** @param now a clock in ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Listens for the shortcuts of all actions. Returns the end of it. */
  listen(): () => void {
    addEventListener('keydown', this.onKeyDown);
    return () => removeEventListener('keydown', this.onKeyDown);
  }

  readonly onKeyDown = (
    event: Keys & Pick<KeyboardEvent, 'defaultPrevented' | 'isComposing' | 'preventDefault'>,
  ): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const modifier = useHost.getState().description?.modifier ?? 'Ctrl';
    const id = actionIds.find((id) => {
      const { shortcut, scope } = windowActions[id];
      return shortcut !== undefined && scope === undefined && isPressed(shortcut, event, modifier);
    });
    if (id === undefined) return;
    // Kept from the browser in any case: Ctrl+O must not open a file over the page.
    event.preventDefault();
    // A question that is open is answered first; its own keys are its own affair.
    const { open } = useDialogs.getState();
    if (open !== null && open.kind !== 'rename' && open.kind !== 'export') return;
    this.#lastByKey = { id, at: this.#now() };
    runAction(id);
  };

  readonly onMenu = (id: ActionId): void => {
    const last = this.#lastByKey;
    if (last?.id === id && this.#now() - last.at < echo) return;
    runAction(id);
  };
}
