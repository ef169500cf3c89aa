import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { Preferences } from '../../contract/preferences.ts';
import { defaultPanes, usePreferences } from '../state/preferences.ts';

type Panes = Preferences['panes'];
type Pane = keyof Panes;

/** Smallest and largest size of each pane in px, within the limits of the preferences. */
const paneLimits: { readonly [P in Pane]: readonly [least: number, most: number] } = {
  left: [160, 480],
  right: [240, 900],
  timeline: [120, 520],
};

const step = 16;

/**
 * The line between two panes. It is moved by dragging or with the arrow keys; a double click restores the default size.
 * Dragging only changes a CSS variable; the panes are not rendered again.
 */
export function Splitter({ pane, label }: { readonly pane: Pane; readonly label: string }) {
  const size = usePreferences((state) => state.panes[pane]);
  const drag = useRef<{ readonly from: number; readonly size: number } | null>(null);
  const upright = pane !== 'timeline';
  // Dragging right makes the left pane wider and the right pane narrower.
  const sign = pane === 'right' ? -1 : 1;

  const sizeAt = (event: PointerEvent): number => {
    const at = upright ? event.clientX : event.clientY;
    return clamp(pane, (drag.current?.size ?? size) + sign * (at - (drag.current?.from ?? at)));
  };
  const keep = (next: number): void => {
    const { panes, change } = usePreferences.getState();
    change({ panes: { ...panes, [pane]: next } });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const grow = upright ? (sign > 0 ? 'ArrowRight' : 'ArrowLeft') : 'ArrowDown';
    const shrink = upright ? (sign > 0 ? 'ArrowLeft' : 'ArrowRight') : 'ArrowUp';
    if (event.key === grow) keep(clamp(pane, size + step));
    else if (event.key === shrink) keep(clamp(pane, size - step));
    else if (event.key === 'Home') keep(paneLimits[pane][0]);
    else if (event.key === 'End') keep(paneLimits[pane][1]);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className={`splitter of-${pane}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={upright ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(size)}
      aria-valuemin={paneLimits[pane][0]}
      aria-valuemax={paneLimits[pane][1]}
      onKeyDown={onKeyDown}
      onDoubleClick={() => keep(defaultPanes[pane])}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: upright ? event.clientX : event.clientY, size };
      }}
      onPointerMove={(event) => {
        if (drag.current === null) return;
        applyPanes({ ...usePreferences.getState().panes, [pane]: sizeAt(event) });
      }}
      onPointerUp={(event) => {
        if (drag.current !== null) keep(sizeAt(event));
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
        applyPanes(usePreferences.getState().panes);
      }}
    />
  );
}

function clamp(pane: Pane, size: number): number {
  const [least, most] = paneLimits[pane];
  return Math.round(Math.min(most, Math.max(least, size)));
}

/** Applies the sizes of the panes. CSS limits them in a small window. */
export function applyPanes(panes: Panes): void {
  const { style } = document.documentElement;
  for (const pane of ['left', 'right', 'timeline'] as const)
    style.setProperty(`--pane-${pane}`, `${panes[pane]}px`);
}
