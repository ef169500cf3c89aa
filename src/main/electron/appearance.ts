import { nativeTheme, type BrowserWindow } from 'electron';
import type { Preferences } from '../../contract/preferences.ts';

/**
 * The page's background (`--bg` in the renderer's theme/tokens.css), visible before the first paint and while resizing.
 */
const backgrounds = { light: '#ffffff', dark: '#11141a' } as const;

export function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light;
}

/** Menus, dialogs and the page's `prefers-color-scheme` follow the preference. */
export function applyTheme(theme: Preferences['theme']): void {
  nativeTheme.themeSource = theme;
}

/** Updates the window's background when the theme changes, until the window is closed. */
export function keepBackground(window: BrowserWindow): void {
  const apply = (): void => window.setBackgroundColor(background());
  nativeTheme.on('updated', apply);
  window.once('closed', () => nativeTheme.off('updated', apply));
}
