import { Menu, type MenuItemConstructorOptions } from 'electron';
import { actionsIn, windowActions, type ActionId, type MenuBarMenu } from '../../contract/window-actions.ts';

/**
 * Sets the menu bar of the application and the shortcuts of its items.
 * @param act asks the page to run an action
 */
export function setMenu(act: (action: ActionId) => void): void {
  const actions = (menu: MenuBarMenu): MenuItemConstructorOptions[] =>
    actionsIn(menu).map((id) => {
      const { title, shortcut } = windowActions[id];
      return {
        label: title,
        ...(shortcut === undefined ? {} : { accelerator: shortcut.replace('Mod', 'CmdOrCtrl') }),
        click: () => act(id),
      };
    });
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [...actions('File'), { type: 'separator' }, mac ? { role: 'close' } : { role: 'quit' }],
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
        ...actions('Edit'),
      ],
    },
    { label: '&Stream', submenu: actions('Stream') },
    {
      label: '&View',
      submenu: [
        ...actions('View'),
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
    { role: 'help', submenu: actions('Help') },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
