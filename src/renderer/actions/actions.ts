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

/** Whether an action can be done now. */
export function isAvailable(id: ActionId): boolean {
  return behaviours[id].isAvailable?.() ?? true;
}

/** Does something, where it can be done now. */
export function runAction(id: ActionId): void {
  if (isAvailable(id)) behaviours[id].run();
}

/** The keys of an action as the user's keyboard names them; empty for none. */
export function shortcutText(id: ActionId): string {
  const { shortcut } = windowActions[id];
  return shortcut === undefined
    ? ''
    : shortcutWords(shortcut, useHost.getState().description?.modifier ?? 'Ctrl');
}

/** The title of an action as the name of a button: without the dots that announce a dialog. */
export function actionName(id: ActionId): string {
  return windowActions[id].title.replace(/…$/, '');
}

/** What a button of an action says when it is pointed at: its name and its keys. */
export function actionTooltip(id: ActionId): string {
  const keys = shortcutText(id);
  return keys === '' ? actionName(id) : `${actionName(id)} (${keys})`;
}
