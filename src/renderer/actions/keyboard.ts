import { actionIds, windowActions, type ActionId } from '../../contract/window-actions.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useHost } from '../state/host.ts';
import { runAction } from './actions.ts';
import { isPressed, type Keys } from './shortcut.ts';

/** A menu event that follows a key press for the same action within this time, in ms, is caused by the same key press. */
const echo = 250;

/** Runs actions for shortcuts pressed in the page and for items of the host's menu bar. Both may report the same key press. */
export class ActionInput {
  readonly #now: () => number;
  #lastByKey: { readonly id: ActionId; readonly at: number } | null = null;

  /** @param now a clock in ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Starts to listen for shortcuts. Returns a function that stops it. */
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
    // Also when nothing is run: Ctrl+O must not make the browser open a file in place of the page.
    event.preventDefault();
    // Shortcuts do nothing while a dialog is open. Renaming and the export menu are not modal.
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
