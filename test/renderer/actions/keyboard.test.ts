import { beforeEach, describe, expect, it } from 'vitest';
import { ActionInput } from '../../../src/renderer/actions/keyboard.ts';
import { useDialogs } from '../../../src/renderer/state/dialogs.ts';
import { usePreferences } from '../../../src/renderer/state/preferences.ts';
import { resetSlices } from '../reset-slices.ts';

beforeEach(resetSlices);

/** Presses Ctrl and a key. Returns whether the default action of the browser was prevented. */
function press(input: ActionInput, key: string, shiftKey = false): boolean {
  let prevented = false;
  input.onKeyDown({
    key,
    shiftKey,
    ctrlKey: true,
    metaKey: false,
    altKey: false,
    defaultPrevented: false,
    isComposing: false,
    preventDefault: () => (prevented = true),
  });
  return prevented;
}

const theme = (): string => usePreferences.getState().theme;

describe('the input of actions', () => {
  it('runs an action once when the menu bar reports the same key press', () => {
    let now = 0;
    const input = new ActionInput(() => now);
    const before = theme();
    press(input, 'L', true);
    const after = theme();
    expect(after).not.toBe(before);
    now = 249;
    input.onMenu('toggle-theme');
    expect(theme()).toBe(after);
    now = 250;
    input.onMenu('toggle-theme');
    expect(theme()).not.toBe(after);
  });

  it('runs an action that was chosen in the menu bar', () => {
    new ActionInput(() => 0).onMenu('palette');
    expect(useDialogs.getState().open).toEqual({ kind: 'palette' });
  });

  it('prevents the browser’s default action of a shortcut but runs nothing while a dialog is open', () => {
    useDialogs.getState().show({ kind: 'kept-runs' });
    expect(press(new ActionInput(() => 0), 'o')).toBe(true);
    expect(useDialogs.getState().open).toEqual({ kind: 'kept-runs' });
  });

  it('ignores other keys', () => {
    expect(press(new ActionInput(() => 0), 'q')).toBe(false);
  });
});
