/** A keyboard shortcut as `Mod+Shift+K`: `Mod` is Ctrl, or Cmd on a Mac; the last part is a `KeyboardEvent.key`. */
export type Shortcut = string;

/** The parts of the window that actions belong to, in the order that the palette and the shortcut sheet list them. */
export const actionGroups = ['Stream', 'Ladder', 'Capture', 'View', 'Application'] as const;
export type ActionGroup = (typeof actionGroups)[number];

/** The menus of a desktop host's menu bar. */
export type MenuBarMenu = 'File' | 'Edit' | 'Stream' | 'View' | 'Help';

/**
 * Where an action is offered besides the palette: the menu bar, the toolbar's "More" and "Draft", a capture's context
 * menu.
 */
export type ActionMenu = MenuBarMenu | 'more' | 'draft' | 'capture';

/** The declaration of an action: its texts, its shortcut and the menus that contain it. */
export interface WindowAction {
  readonly title: string;
  readonly group: ActionGroup;
  readonly shortcut?: Shortcut;
  /** Where the shortcut works, if not everywhere: the captures list handles it itself. */
  readonly scope?: 'captures';
  readonly menus?: readonly ActionMenu[];
  /** The action destroys data: menus show it last, in a warning colour. */
  readonly danger?: true;
}

/**
 * All actions of the window. The palette, the shortcuts, the shortcut sheet, buttons, context menus and the host's menu
 * bar are derived from this list. What an action does is in `src/renderer/actions`, in the file of its group.
 */
const declarations = {
  'focus-url': { title: 'Go to URL', group: 'Stream', shortcut: 'Mod+L', menus: ['Stream'] },
  connect: { title: 'Connect', group: 'Stream', shortcut: 'Mod+Enter', menus: ['Stream'] },
  'new-request': { title: 'New request', group: 'Stream', shortcut: 'Alt+N', menus: ['Stream', 'draft'] },
  'undo-request': { title: 'Restore previous request', group: 'Stream', menus: ['draft'] },
  stop: { title: 'Stop stream', group: 'Stream', shortcut: 'Mod+.', menus: ['Stream'] },

  'ladder-run': { title: 'Run the ladder', group: 'Ladder', shortcut: 'Mod+Shift+Enter' },
  'ladder-run-rung': { title: 'Run this rung only', group: 'Ladder' },
  'ladder-stop': { title: 'Stop the ladder', group: 'Ladder' },
  'ladder-leave': { title: 'Back to the capture', group: 'Ladder' },
  'own-server': { title: 'Run the ladder on your server…', group: 'Ladder' },
  'kept-runs': { title: 'Saved ladder runs…', group: 'Ladder' },
  'lab-log': { title: 'Show the lab log', group: 'Ladder' },

  'open-file': { title: 'Open file…', group: 'Capture', shortcut: 'Mod+O', menus: ['File', 'more'] },
  'open-as': { title: 'Open file as…', group: 'Capture', menus: ['more'] },
  export: { title: 'Export capture…', group: 'Capture', shortcut: 'Mod+E', menus: ['File'] },
  rename: { title: 'Rename capture', group: 'Capture', shortcut: 'F2', menus: ['capture'] },
  'send-again': {
    title: 'Send request again',
    group: 'Capture',
    shortcut: 'F9',
    menus: ['Stream', 'capture'],
  },
  'edit-and-send': {
    title: 'Edit and send request',
    group: 'Capture',
    shortcut: 'Shift+F9',
    menus: ['Stream', 'capture'],
  },
  compare: { title: 'Compare with…', group: 'Capture', menus: ['capture'] },
  delete: {
    title: 'Delete capture…',
    group: 'Capture',
    shortcut: 'Delete',
    scope: 'captures',
    menus: ['capture'],
    danger: true,
  },
  'next-capture': { title: 'Next capture', group: 'Capture', shortcut: 'Alt+ArrowDown' },
  'previous-capture': { title: 'Previous capture', group: 'Capture', shortcut: 'Alt+ArrowUp' },

  'show-chunks': { title: 'Show chunks', group: 'View', shortcut: 'Mod+1' },
  'show-events': { title: 'Show events', group: 'View', shortcut: 'Mod+2' },
  'show-json': { title: 'Show JSON', group: 'View', shortcut: 'Mod+3' },
  'show-message': { title: 'Show message', group: 'View', shortcut: 'Mod+4' },
  diagnose: { title: 'Diagnose', group: 'View', shortcut: 'Mod+5' },
  'show-exchange': { title: 'Show request and response', group: 'View', shortcut: 'Mod+6' },
  find: { title: 'Find in capture', group: 'View', shortcut: 'Mod+F', menus: ['Edit'] },
  'clear-filter': { title: 'Clear filter', group: 'View' },
  newest: { title: 'Jump to the newest row and follow', group: 'View', shortcut: 'Mod+J' },
  'whole-timeline': { title: 'Show the whole timeline', group: 'View' },

  palette: { title: 'Command palette…', group: 'Application', shortcut: 'Mod+K', menus: ['View', 'more'] },
  shortcuts: {
    title: 'Keyboard shortcuts',
    group: 'Application',
    shortcut: 'Mod+/',
    menus: ['Help', 'more'],
  },
  'toggle-theme': {
    title: 'Switch theme (light, dark, system)',
    group: 'Application',
    shortcut: 'Mod+Shift+L',
    menus: ['View', 'more'],
  },
} as const satisfies { readonly [id: string]: WindowAction };

export type ActionId = keyof typeof declarations;
/** The actions of one group. */
export type ActionIdIn<Group extends ActionGroup> = {
  [Id in ActionId]: (typeof declarations)[Id]['group'] extends Group ? Id : never;
}[ActionId];

export const windowActions: { readonly [Id in ActionId]: WindowAction } = declarations;

/** All action ids, in the order in which lists show them. */
export const actionIds = Object.keys(declarations) as readonly ActionId[];

/** The actions in a menu. */
export function actionsIn(menu: ActionMenu): readonly ActionId[] {
  return actionIds.filter((id) => windowActions[id].menus?.includes(menu) === true);
}
