import { readFileSync, writeFileSync } from 'node:fs';
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { z } from 'zod';

const storedBounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200).max(20_000),
  height: z.number().int().min(200).max(20_000),
  maximized: z.boolean(),
});

/** Position and size of the window. */
export type WindowBounds = z.infer<typeof storedBounds>;

/** The part of the window, px, that must be visible so that it can be dragged. */
const draggable = { width: 120, height: 60 };

/** The stored bounds; null if there are none, or if the window would not be visible on the current displays. */
export function loadBounds(path: string): WindowBounds | null {
  let stored: unknown;
  try {
    stored = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
  const bounds = storedBounds.safeParse(stored);
  if (!bounds.success) return null;
  const visible = screen.getAllDisplays().some(({ workArea }) => canBeDragged(bounds.data, workArea));
  return visible ? bounds.data : null;
}

/** Whether enough of the window's upper edge, where it is dragged, is inside an area of the screen. */
export function canBeDragged(window: Rectangle, area: Rectangle): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const top =
    window.y >= area.y - draggable.height / 2 && window.y <= area.y + area.height - draggable.height;
  return width >= draggable.width && top;
}

/** Writes the window's bounds to the file when it is closed. */
export function saveBoundsOnClose(window: BrowserWindow, path: string): void {
  window.on('close', () => {
    const bounds: WindowBounds = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(path, `${JSON.stringify(bounds)}\n`);
    } catch {
      // The window opens at its default position next time: no message is needed.
    }
  });
}
