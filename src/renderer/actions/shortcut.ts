import type { Shortcut } from '../../contract/window-actions.ts';

/** The properties of a keyboard event that tell which keys are pressed. */
export interface Keys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Whether exactly these keys are pressed. */
export function isPressed(shortcut: Shortcut, keys: Keys, modifier: 'Ctrl' | 'Cmd'): boolean {
  const parts = shortcut.split('+');
  const mod = parts.includes('Mod');
  if (keys.ctrlKey !== (mod && modifier === 'Ctrl')) return false;
  if (keys.metaKey !== (mod && modifier === 'Cmd')) return false;
  if (keys.shiftKey !== parts.includes('Shift') || keys.altKey !== parts.includes('Alt')) return false;
  return keys.key.toLowerCase() === (parts.at(-1) ?? '').toLowerCase();
}

/** The shortcut as shown to the user: `Ctrl+K`, `⌘K`. */
export function shortcutWords(shortcut: Shortcut, modifier: 'Ctrl' | 'Cmd'): string {
  const named = shortcut.replace('ArrowDown', '↓').replace('ArrowUp', '↑').replace('Delete', 'Del');
  if (modifier === 'Ctrl') return named.replace('Mod', 'Ctrl');
  return named.replace('Mod', '⌘').replace('Shift', '⇧').replace('Alt', '⌥').replaceAll('+', '');
}
