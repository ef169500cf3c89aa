import { create } from 'zustand';
import type { Preferences } from '../../contract/preferences.ts';
import { usePreferences } from '../state/preferences.ts';

/** The palette that is on the screen: what drawings on a canvas depend on. */
export const useTheme = create<{ readonly palette: 'light' | 'dark' }>()(() => ({ palette: 'light' }));

/** What the theme switch goes through. */
export const themes: readonly Preferences['theme'][] = ['system', 'light', 'dark'];

/** Keeps `data-theme` on the root element in step with the preference and the system. Returns the end of it. */
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
