import { describe, expect, it } from 'vitest';
import { actionIds, windowActions } from '../../../src/contract/window-actions.ts';
import { isPressed, shortcutWords, type Keys } from '../../../src/renderer/actions/shortcut.ts';

const keys = (key: string, held: Partial<Keys> = {}): Keys => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('a shortcut', () => {
  it('matches exactly its keys', () => {
    expect(isPressed('Mod+K', keys('k', { ctrlKey: true }), 'Ctrl')).toBe(true);
    expect(isPressed('Mod+K', keys('K', { ctrlKey: true, shiftKey: true }), 'Ctrl')).toBe(false);
    expect(isPressed('Mod+K', keys('k'), 'Ctrl')).toBe(false);
    expect(isPressed('Mod+K', keys('k', { ctrlKey: true, altKey: true }), 'Ctrl')).toBe(false);
  });

  it('matches Cmd instead of Ctrl if Cmd is the modifier', () => {
    expect(isPressed('Mod+K', keys('k', { metaKey: true }), 'Cmd')).toBe(true);
    expect(isPressed('Mod+K', keys('k', { ctrlKey: true }), 'Cmd')).toBe(false);
  });

  it('is shown with the key names of the platform', () => {
    expect(shortcutWords('Mod+Shift+L', 'Ctrl')).toBe('Ctrl+Shift+L');
    expect(shortcutWords('Mod+Shift+L', 'Cmd')).toBe('⌘⇧L');
    expect(shortcutWords('Alt+ArrowDown', 'Ctrl')).toBe('Alt+↓');
  });

  it('belongs to one action only', () => {
    const shortcuts = actionIds.flatMap((id) => windowActions[id].shortcut ?? []);
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
  });
});
