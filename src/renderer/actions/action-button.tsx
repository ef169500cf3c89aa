import type { ReactNode } from 'react';
import { windowActions, type ActionId, type ActionMenu, actionsIn } from '../../contract/window-actions.ts';
import type { MenuItem } from '../widgets/menu.tsx';
import { actionName, actionTooltip, runAction, shortcutText } from './actions.ts';

interface ActionButtonProps {
  readonly id: ActionId;
  readonly className?: string;
  readonly disabled?: boolean;
  /** Uses the action's title as the accessible name: for buttons that show an icon or an abbreviated label. */
  readonly isNamed?: boolean;
  /** What the button shows; the action's title and keys where it is absent. */
  readonly children?: ReactNode;
}

/** A button that runs an action. */
export function ActionButton({
  id,
  className = 'button',
  disabled = false,
  isNamed = false,
  children,
}: ActionButtonProps) {
  return (
    <button
      type="button"
      className={className}
      disabled={disabled}
      aria-label={isNamed ? actionName(id) : undefined}
      title={actionTooltip(id)}
      onClick={() => runAction(id)}
    >
      {children}
    </button>
  );
}

/** The items of a menu. A separator is drawn between groups of actions. */
export function actionItems(menu: ActionMenu): readonly MenuItem[] {
  return actionsIn(menu).map((id, index, ids) => {
    const { title, group, danger = false } = windowActions[id];
    const before = ids[index - 1];
    const keys = shortcutText(id);
    return {
      label: title,
      ...(keys === '' ? {} : { shortcut: keys }),
      apart: danger || (before !== undefined && windowActions[before].group !== group),
      danger,
      run: () => runAction(id),
    };
  });
}
