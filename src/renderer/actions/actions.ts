import type { MenuAction } from '../../contract/host-event.ts';
import { currentSummary, isLive, useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useDraft } from '../state/draft.ts';
import { callHost, notifyProblem, useHost } from '../state/host.ts';
import { useLabLog } from '../state/lab-log.ts';
import { useLadder } from '../state/ladder.ts';
import { usePreferences } from '../state/preferences.ts';
import { useSelection } from '../state/selection.ts';
import { useView } from '../state/view.ts';
import { captureGroups } from '../state/capture-groups.ts';
import { nextTheme } from '../theme/theme.ts';
import { shortcutWords, type Shortcut } from './shortcut.ts';

/** Something that the window can do, by key, by menu or from the palette. */
export interface Action {
  readonly title: string;
  readonly group: 'Stream' | 'Ladder' | 'Capture' | 'View' | 'Application';
  readonly shortcut?: Shortcut;
  /** Whether it can be done now; absent for always. */
  readonly possible?: () => boolean;
  readonly run: () => void;
}

export type ActionId =
  | MenuAction
  | 'show-chunks'
  | 'show-events'
  | 'show-json'
  | 'show-message'
  | 'diagnose'
  | 'show-exchange'
  | 'newest'
  | 'whole-timeline'
  | 'clear-filter'
  | 'reuse-request'
  | 'ladder-run'
  | 'ladder-run-rung'
  | 'ladder-stop'
  | 'ladder-leave'
  | 'own-server'
  | 'kept-runs'
  | 'lab-log'
  | 'open-as'
  | 'rename'
  | 'compare'
  | 'delete'
  | 'next-capture'
  | 'previous-capture';

const summary = () => currentSummary(useCaptures.getState());
const hasCapture = (): boolean => summary() !== null;

/** Every action, declared once: the palette, the shortcuts and the host's menus all come here. */
export const actions: { readonly [Id in ActionId]: Action } = {
  'focus-url': {
    title: 'Go to the address',
    group: 'Stream',
    shortcut: 'Mod+L',
    run: () => focusField('url'),
  },
  connect: {
    title: 'Connect',
    group: 'Stream',
    shortcut: 'Mod+Enter',
    run: () => void useDraft.getState().connect(),
  },
  stop: { title: 'Stop the stream', group: 'Stream', shortcut: 'Mod+.', possible: isStreaming, run: stop },
  'reuse-request': {
    title: 'Take over this capture’s request',
    group: 'Stream',
    possible: hasCapture,
    run: () => {
      const { current } = useCaptures.getState();
      if (current !== null)
        useDraft
          .getState()
          .takeOver(current)
          .then(() => focusField('url'), notifyProblem);
    },
  },
  'ladder-run': {
    title: 'Run the ladder',
    group: 'Ladder',
    shortcut: 'Mod+Shift+Enter',
    possible: () => useLadder.getState().phase === 'idle',
    run: () => void useLadder.getState().run(),
  },
  'ladder-run-rung': {
    title: 'Run this rung alone',
    group: 'Ladder',
    possible: () => useLadder.getState().phase === 'idle' && useLadder.getState().shown !== null,
    run: () => void useLadder.getState().run(useLadder.getState().shown ?? undefined),
  },
  'ladder-stop': {
    title: 'Stop the ladder',
    group: 'Ladder',
    possible: () => useLadder.getState().phase !== 'idle',
    run: () => void useLadder.getState().stop(),
  },
  'ladder-leave': {
    title: 'Back from the rung to the capture',
    group: 'Ladder',
    possible: () => useLadder.getState().shown !== null,
    run: () => useLadder.getState().show(null),
  },
  'own-server': {
    title: 'Climb the ladder on your own server…',
    group: 'Ladder',
    possible: () => useLadder.getState().phase === 'idle',
    run: () => useDialogs.getState().show({ kind: 'own-server' }),
  },
  'kept-runs': {
    title: 'Kept runs of the ladder…',
    group: 'Ladder',
    run: () => useDialogs.getState().show({ kind: 'kept-runs' }),
  },
  'lab-log': {
    title: 'Show the lab’s log',
    group: 'Ladder',
    run: () => useLabLog.getState().show(true),
  },
  'open-file': {
    title: 'Open a file…',
    group: 'Capture',
    shortcut: 'Mod+O',
    run: () => useDialogs.getState().show({ kind: 'open-file', format: null }),
  },
  'open-as': {
    title: 'Open a file as…',
    group: 'Capture',
    run: () => useDialogs.getState().show({ kind: 'open-as' }),
  },
  export: {
    title: 'Export this capture…',
    group: 'Capture',
    shortcut: 'Mod+E',
    possible: () => hasCapture() && useLadder.getState().shown === null,
    run: () => useDialogs.getState().show({ kind: 'export' }),
  },
  rename: {
    title: 'Rename this capture',
    group: 'Capture',
    shortcut: 'F2',
    possible: hasCapture,
    run: () => askAboutCurrent('rename'),
  },
  compare: {
    title: 'Compare this capture with…',
    group: 'Capture',
    possible: hasCapture,
    run: () => askAboutCurrent('compare'),
  },
  delete: {
    title: 'Delete this capture…',
    group: 'Capture',
    possible: hasCapture,
    run: () => askAboutCurrent('delete'),
  },
  'next-capture': {
    title: 'Next capture',
    group: 'Capture',
    shortcut: 'Alt+ArrowDown',
    run: () => showNeighbour(1),
  },
  'previous-capture': {
    title: 'Previous capture',
    group: 'Capture',
    shortcut: 'Alt+ArrowUp',
    run: () => showNeighbour(-1),
  },
  'show-chunks': {
    title: 'Show chunks',
    group: 'View',
    shortcut: 'Mod+1',
    run: () => useSelection.getState().showLane('chunks'),
  },
  'show-events': {
    title: 'Show events',
    group: 'View',
    shortcut: 'Mod+2',
    run: () => useSelection.getState().showLane('events'),
  },
  'show-json': {
    title: 'Show JSON',
    group: 'View',
    shortcut: 'Mod+3',
    run: () => useSelection.getState().showLane('json'),
  },
  'show-message': {
    title: 'Show the message',
    group: 'View',
    shortcut: 'Mod+4',
    run: () => useView.getState().setTab('message'),
  },
  diagnose: {
    title: 'Diagnose',
    group: 'View',
    shortcut: 'Mod+5',
    run: () => useView.getState().setTab('diagnose'),
  },
  'show-exchange': {
    title: 'Show request and response',
    group: 'View',
    shortcut: 'Mod+6',
    run: () => useView.getState().setTab('exchange'),
  },
  find: { title: 'Find in this capture', group: 'View', shortcut: 'Mod+F', possible: hasCapture, run: find },
  'clear-filter': { title: 'Clear the filter', group: 'View', run: () => useView.getState().clearFilter() },
  newest: {
    title: 'Jump to the newest row and follow',
    group: 'View',
    shortcut: 'Mod+J',
    run: () => useView.getState().setFollow(true),
  },
  'whole-timeline': {
    title: 'Show the whole time axis',
    group: 'View',
    run: () => useView.getState().setSpan(null),
  },
  palette: {
    title: 'All commands…',
    group: 'Application',
    shortcut: 'Mod+K',
    run: () => useDialogs.getState().show({ kind: 'palette' }),
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    group: 'Application',
    shortcut: 'Mod+/',
    run: () => useDialogs.getState().show({ kind: 'shortcuts' }),
  },
  'toggle-theme': {
    title: 'Switch between light, dark and the system’s theme',
    group: 'Application',
    shortcut: 'Mod+Shift+L',
    run: () => {
      const { theme, change } = usePreferences.getState();
      const next = nextTheme(theme);
      change({ theme: next });
      useHost.getState().notify('info', next === 'system' ? 'Theme: as the system' : `Theme: ${next}`);
    },
  },
};

/** ids in the order that the palette and the shortcuts sheet list them. */
export const actionIds = Object.keys(actions) as readonly ActionId[];

/** A desktop host may hear a shortcut as well and send it as a menu event: that echo is this late at most, in ms. */
const echo = 250;
let lastByKey: { readonly id: ActionId; readonly at: number } | null = null;

/** Does something, where it can be done now. */
export function runAction(id: ActionId, by: 'page' | 'key' | 'menu' = 'page'): void {
  const now = performance.now();
  if (by === 'menu' && lastByKey?.id === id && now - lastByKey.at < echo) return;
  if (by === 'key') lastByKey = { id, at: now };
  const action = actions[id];
  if (action.possible?.() !== false) action.run();
}

/** The keys of an action as the user's keyboard names them; empty for none. */
export function shortcutText(id: ActionId): string {
  const { shortcut } = actions[id];
  return shortcut === undefined
    ? ''
    : shortcutWords(shortcut, useHost.getState().description?.modifier ?? 'Ctrl');
}

function isStreaming(): boolean {
  const shown = summary();
  return shown !== null && isLive(shown);
}

function stop(): void {
  const { current } = useCaptures.getState();
  if (current !== null) callHost('stream.stop', { capture: current }).catch(notifyProblem);
}

function find(): void {
  const { tab } = useView.getState();
  if (tab !== 'chunks' && tab !== 'events' && tab !== 'json') useSelection.getState().showLane('events');
  if (document.getElementById('filter') !== null) focusField('filter');
  // The field is there once its tab is.
  else requestAnimationFrame(() => focusField('filter'));
}

function focusField(id: string): void {
  const field = document.getElementById(id);
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
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
