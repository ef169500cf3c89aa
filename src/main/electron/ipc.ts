import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { callChannel, eventChannel } from '../../contract/bridge.ts';
import type { HostCommands } from '../../contract/commands.ts';
import { dispatch } from '../../contract/dispatch.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { HostEvent } from '../../contract/host-event.ts';
import { printError } from '../process/print-error.ts';
import { appOrigin } from './app-protocol.ts';

/**
 * Answers the commands that the window's page sends, and no other page.
 * @param window the window at the moment, null for none
 * @param host settles when the host is there: the page may be quicker
 */
export function answerCommands(window: () => BrowserWindow | null, host: Promise<HostCommands>): void {
  ipcMain.handle(callChannel, async (event, name: unknown, params: unknown): Promise<Outcome> => {
    if (!isOurPage(event, window())) {
      return {
        ok: false,
        refusal: { code: 'not-available', message: 'This page may not talk to the host.' },
      };
    }
    return dispatch(await host, name, params, printError);
  });
}

/** The main frame of our own window, showing our own page. */
function isOurPage(event: IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  const frame = event.senderFrame;
  if (window === null || window.isDestroyed() || frame === null) return false;
  return (
    event.sender === window.webContents &&
    frame === window.webContents.mainFrame &&
    frame.origin === appOrigin
  );
}

/** Sends the window's page what the host pushes. Before the page is loaded there is nobody to hear it. */
export function pushTo(window: BrowserWindow | null, event: HostEvent): void {
  if (window !== null && !window.isDestroyed() && !window.webContents.isCrashed()) {
    window.webContents.send(eventChannel, event);
  }
}
