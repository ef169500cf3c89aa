import type { Preferences } from '../../contract/preferences.ts';

type Panes = Preferences['panes'];

/** Least and largest size of each pane in px, inside what the preferences accept. */
export const paneLimits: { readonly [P in keyof Panes]: readonly [least: number, most: number] } = {
  left: [160, 480],
  right: [240, 900],
  timeline: [120, 520],
};

/** Gives the panes their sizes. CSS keeps them inside a small window. */
export function applyPanes(panes: Panes): void {
  const { style } = document.documentElement;
  for (const pane of ['left', 'right', 'timeline'] as const)
    style.setProperty(`--pane-${pane}`, `${panes[pane]}px`);
}
