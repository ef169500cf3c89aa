import { create } from 'zustand';
import type { Preferences } from '../../contract/preferences.ts';
import { usePreferences } from '../state/preferences.ts';

/** The colours in use, for drawings on a canvas. */
export const useTheme = create<{ readonly palette: 'light' | 'dark' }>()(() => ({ palette: 'light' }));

/** The order in which the theme switch cycles. */
export const themes: readonly Preferences['theme'][] = ['system', 'light', 'dark'];

/** Keeps `data-theme` on the root element in sync with the preference and the system. Returns a function that stops it. */
export function keepTheme(): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const { theme } = usePreferences.getState();
    const palette = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    document.documentElement.dataset['theme'] = palette;
    if (useTheme.getState().palette !== palette) useTheme.setState({ palette });
  };
  apply();
  dark.addEventListener('change', apply);
  const release = usePreferences.subscribe(apply);
  return () => {
    dark.removeEventListener('change', apply);
    release();
  };
}

/** The theme after this one: system, light, dark, system. */
export function nextTheme(theme: Preferences['theme']): Preferences['theme'] {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
}
