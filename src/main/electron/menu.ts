import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuAction } from '../../contract/host-event.ts';

/**
 * Sets the application's menu, and with it the shortcuts.
 * @param act what the page is asked to do
 */
export function setMenu(act: (action: MenuAction) => void): void {
  const item = (label: string, accelerator: string, action: MenuAction): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => act(action),
  });
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('Open…', 'CmdOrCtrl+O', 'open-file'),
        item('Export…', 'CmdOrCtrl+E', 'export'),
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        { type: 'separator' },
        item('Find in Capture', 'CmdOrCtrl+F', 'find'),
      ],
    },
    {
      label: '&Stream',
      submenu: [
        item('Edit URL', 'CmdOrCtrl+L', 'focus-url'),
        item('Connect', 'CmdOrCtrl+Enter', 'connect'),
        item('Stop', 'CmdOrCtrl+.', 'stop'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('Command Palette…', 'CmdOrCtrl+K', 'palette'),
        item('Switch Theme', 'CmdOrCtrl+Shift+L', 'toggle-theme'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keyboard Shortcuts', 'CmdOrCtrl+/', 'shortcuts')] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
