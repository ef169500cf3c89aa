import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { callChannel, eventChannel } from '../../contract/bridge.ts';
import type { HostCommands } from '../../contract/commands.ts';
import { dispatch } from '../../contract/dispatch.ts';
import type { Outcome } from '../../contract/refusal.ts';
import type { HostEvent } from '../../contract/host-event.ts';
import { printError } from '../process/print-error.ts';
import { appOrigin } from './app-protocol.ts';

/**
 * Handles commands from the window's page. Other pages are refused.
 * @param window returns the current window, or null
 * @param host the page may send commands before the host is ready
 */
export function answerCommands(window: () => BrowserWindow | null, host: Promise<HostCommands>): void {
  ipcMain.handle(callChannel, async (event, name: unknown, params: unknown): Promise<Outcome> => {
    if (!isOurPage(event, window())) {
      return {
        ok: false,
        refusal: { code: 'not-available', message: 'This page may not send commands.' },
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

/** Sends an event to the window's page. Events before the page has loaded are lost. */
export function pushTo(window: BrowserWindow | null, event: HostEvent): void {
  if (window !== null && !window.isDestroyed() && !window.webContents.isCrashed()) {
    window.webContents.send(eventChannel, event);
  }
}
