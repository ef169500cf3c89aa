import { expect, it, vi } from 'vitest';
import { canBeDragged } from '../../../src/main/electron/window-bounds.ts';

// Outside Electron, its package only exports the path of the executable.
vi.mock('electron', () => ({ screen: {} }));

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const window = { x: 100, y: 100, width: 1280, height: 800 };

it('accepts a window that is on the display, at least in part', () => {
  expect(canBeDragged(window, display)).toBe(true);
  expect(canBeDragged({ ...window, x: -1000 }, display)).toBe(true);
  expect(canBeDragged({ ...window, y: 1000 }, display)).toBe(true);
});

it('rejects a window with too little visible to drag it', () => {
  expect(canBeDragged({ ...window, x: -1200 }, display)).toBe(false);
  expect(canBeDragged({ ...window, x: 1850 }, display)).toBe(false);
  expect(canBeDragged({ ...window, y: 1060 }, display)).toBe(false);
});

it('rejects a window whose title bar is above the display', () => {
  expect(canBeDragged({ ...window, y: -500 }, display)).toBe(false);
});

it('supports displays to the left of the first one', () => {
  expect(canBeDragged({ ...window, x: -1800 }, { ...display, x: -1920 })).toBe(true);
});
