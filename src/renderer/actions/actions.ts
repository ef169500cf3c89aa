import { windowActions, type ActionId } from '../../contract/window-actions.ts';
import { useHost } from '../state/host.ts';
import { applicationActions } from './application-actions.ts';
import type { Behaviour } from './behaviour.ts';
import { captureActions } from './capture-actions.ts';
import { ladderActions } from './ladder-actions.ts';
import { shortcutWords } from './shortcut.ts';
import { streamActions } from './stream-actions.ts';
import { viewActions } from './view-actions.ts';

const behaviours: { readonly [Id in ActionId]: Behaviour } = {
  ...streamActions,
  ...ladderActions,
  ...captureActions,
  ...viewActions,
  ...applicationActions,
};

/** Whether an action is available now. */
export function isAvailable(id: ActionId): boolean {
  return behaviours[id].isAvailable?.() ?? true;
}

/** Runs an action if it is available. */
export function runAction(id: ActionId): void {
  if (isAvailable(id)) behaviours[id].run();
}

/** The shortcut of an action as shown to the user; empty if it has none. */
export function shortcutText(id: ActionId): string {
  const { shortcut } = windowActions[id];
  return shortcut === undefined
    ? ''
    : shortcutWords(shortcut, useHost.getState().description?.modifier ?? 'Ctrl');
}

/** The title of an action without the ellipsis that announces a dialog. */
export function actionName(id: ActionId): string {
  return windowActions[id].title.replace(/…$/, '');
}

/** The tooltip of an action's button: its name and its shortcut. */
export function actionTooltip(id: ActionId): string {
  const keys = shortcutText(id);
  return keys === '' ? actionName(id) : `${actionName(id)} (${keys})`;
}
