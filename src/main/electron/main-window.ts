import { BrowserWindow, dialog } from 'electron';
import { printError } from '../process/print-error.ts';
import { appPage } from './app-protocol.ts';
import { background, keepBackground } from './appearance.ts';
import { saveBoundsOnClose, loadBounds } from './window-bounds.ts';

const usual = { width: 1280, height: 800 };
const least = { minWidth: 760, minHeight: 480 };

/** A page that crashes more often within a minute is not reloaded automatically. */
const crashLimit = { crashes: 3, ms: 60_000 };

export interface MainWindowOptions {
  readonly preloadFile: string;
  /** A PNG, for task bars and window lists; macOS takes it from the package instead. */
  readonly iconFile: string;
  readonly boundsFile: string;
  /** Called after every load of the page. */
  readonly onLoaded: () => void;
  /** Called when the page's process has crashed, before the page is reloaded. */
  readonly onCrashed: (reason: string) => void;
}

/** Opens the application's window. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const { maximized, ...bounds } = loadBounds(options.boundsFile) ?? { ...usual, maximized: false };
  const window = new BrowserWindow({
    ...bounds,
    ...least,
    title: 'SSE Inspector',
    icon: options.iconFile,
    show: false,
    backgroundColor: background(),
    webPreferences: {
      preload: options.preloadFile,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      // Text fields hold URLs and headers, and Chromium would fetch dictionaries.
      spellcheck: false,
      // Streams are recorded by the main process, so the page may be throttled in the background.
      backgroundThrottling: true,
    },
  });
  if (maximized) window.maximize();
  saveBoundsOnClose(window, options.boundsFile);
  keepBackground(window);
  window.once('ready-to-show', () => window.show());
  // The page sets its own title; content of streams never gets there.
  window.webContents.on('did-finish-load', options.onLoaded);
  reloadAfterCrash(window, options.onCrashed);
  window.loadURL(appPage).catch((error: unknown) => {
    // A window that is closed while it loads is not a failure.
    if (!window.isDestroyed()) printError(error);
  });
  return window;
}

function reloadAfterCrash(window: BrowserWindow, onCrashed: (reason: string) => void): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = performance.now();
    crashes = [...crashes.filter((at) => now - at < crashLimit.ms), now];
    if (crashes.length <= crashLimit.crashes) {
      onCrashed(reason);
      window.webContents.reload();
      return;
    }
    const choice = dialog.showMessageBoxSync(window, {
      type: 'error',
      message: 'The window keeps crashing',
      detail: `Its process ended ${crashes.length} times within a minute (${reason}). Captures are safe on disk.`,
      buttons: ['Reload', 'Close'],
    });
    crashes = [];
    if (choice === 0) window.webContents.reload();
    else window.close();
  });
}
