import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, safeStorage, session, type BrowserWindow } from 'electron';
import type { HostEvent } from '../../contract/host-event.ts';
import { Refusal } from '../../contract/refusal.ts';
import { createHost, type Host } from '../host.ts';
import { PreferencesFile } from '../host/preferences-file.ts';
import { makeFolder } from '../files/make-folder.ts';
import { printError, printWarnings } from '../process/print-error.ts';
import { comesFromDevelopmentServer, declareAppScheme, serveAppScheme } from './app-protocol.ts';
import { applyTheme } from './appearance.ts';
import { ElectronBrowser } from './electron-browser.ts';
import { blockNetwork, contain, containEveryPage } from './containment.ts';
import { saveWithDialog } from './save-dialog.ts';
import { givenFiles, secondStart } from './given-files.ts';
import { answerCommands, pushTo } from './ipc.ts';
import { openMainWindow } from './main-window.ts';
import { setMenu } from './menu.ts';
import { SecretStorage } from './secret-storage.ts';

/** ms that quitting waits until captures are written. */
const quitTimeout = 5000;

/**
 * The desktop application: one window, one host. Nothing is awaited at the top level, as Electron 33 becomes ready only
 * after the main module has run.
 */
export function startApplication(): void {
  app.setName('SSE Inspector');
  // The same folder as for `serve` on the command line.
  const folder = process.env['SSE_INSPECTOR_USER_DATA'] || join(app.getPath('appData'), 'sse-inspector');
  try {
    makeFolder(folder, 0o700);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    // Without the folder there is no lock either, and it would seem as if another instance were running.
    dialog.showErrorBox('SSE Inspector cannot start', `Its folder cannot be used: ${String(error)}`);
    app.exit(3);
    return;
  }
  app.setPath('userData', folder);

  const files = givenFiles(process.argv, app.isPackaged, process.cwd());
  if (!app.requestSingleInstanceLock({ files })) {
    // The running instance opens the files and shows its window.
    app.exit(0);
    return;
  }
  printWarnings();
  process.on('unhandledRejection', printError);
  declareAppScheme();
  containEveryPage();
  new Application(files).run();
}

class Application {
  readonly #folder = app.getPath('userData');
  readonly #preferencesFile = join(this.#folder, 'preferences.json');
  readonly #secrets = new SecretStorage(join(this.#folder, 'secrets.json'), safeStorage);
  readonly #host: Promise<Host>;
  #window: BrowserWindow | null = null;
  /** Events to send once the page has loaded. */
  #pendingEvents: HostEvent[] = [];
  #loaded = false;

  constructor(files: readonly string[]) {
    this.#host = this.#startHost();
    void this.#open(files);
  }

  run(): void {
    app.on('second-instance', (_event, _argv, _folder, data) => {
      this.#window?.restore();
      this.#window?.focus();
      const given = secondStart.safeParse(data);
      if (given.success) void this.#open(given.data.files);
    });
    app.on('open-file', (event, path) => {
      event.preventDefault();
      void this.#open([path]);
    });
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit();
    });
    app.on('activate', () => {
      if (app.isReady() && this.#window === null) this.#openWindow();
    });
    this.#closeHostBeforeQuitting();
    answerCommands(() => this.#window, this.#commands());
    void this.#show();
  }

  async #show(): Promise<void> {
    const [{ theme }] = await Promise.all([this.#storedPreferences(), app.whenReady()]);
    applyTheme(theme);
    contain(session.defaultSession);
    if (!comesFromDevelopmentServer) await blockNetwork(session.defaultSession);
    serveAppScheme(join(app.getAppPath(), 'out/renderer'));
    setMenu((action) => this.#push({ kind: 'menu', action }));
    this.#openWindow();
  }

  async #startHost(): Promise<Host> {
    const secrets = this.#secrets;
    try {
      const host = await createHost({
        capturesFolder: join(this.#folder, 'captures'),
        preferencesFile: this.#preferencesFile,
        version: app.getVersion(),
        platform: {
          capabilities: {
            menus: true,
            saveDialog: true,
            browser: true,
            // A getter, as the keyring is not available before the application is ready.
            get keyring() {
              return secrets.kept === 'keyring';
            },
          },
          runtime: {
            electron: process.versions.electron,
            chromium: process.versions.chrome,
            node: process.versions.node,
            platform: `${process.platform} ${process.arch}`,
          },
          deliver: (file) => saveWithDialog(this.#window, file),
          secrets,
          browser: new ElectronBrowser(),
          environment: process.env,
        },
      });
      host.listen((event) => this.#push(event));
      return host;
    } catch (error) {
      await app.whenReady();
      const detail = error instanceof Error ? error.stack : undefined;
      dialog.showErrorBox(
        'SSE Inspector cannot start',
        error instanceof Refusal ? error.message : String(detail),
      );
      app.exit(3);
      // The process exits here, so the host is never needed.
      return new Promise(() => {});
    }
  }

  /** The host's commands. Changes of the theme are also applied to the window. */
  async #commands(): Promise<Host['commands']> {
    const { commands } = await this.#host;
    return {
      ...commands,
      'preferences.set': async (change) => {
        const done = await commands['preferences.set'](change);
        applyTheme((await commands['preferences.get']({})).theme);
        return done;
      },
    };
  }

  /** Reads the preferences again, so that the window does not have to wait for the host. */
  async #storedPreferences(): Promise<ReturnType<PreferencesFile['get']>> {
    return (await PreferencesFile.open(this.#preferencesFile)).get();
  }

  #openWindow(): void {
    this.#loaded = false;
    this.#window = openMainWindow({
      preloadFile: join(app.getAppPath(), 'out/preload/index.cjs'),
      iconFile: join(app.getAppPath(), 'resources/icon.png'),
      boundsFile: join(this.#folder, 'window.json'),
      onLoaded: () => {
        this.#loaded = true;
        for (const event of this.#pendingEvents.splice(0)) pushTo(this.#window, event);
      },
      onCrashed: (reason) => {
        this.#loaded = false;
        const message = `The window's process ended (${reason}) and was started again. Captures continued in the meantime.`;
        this.#push({ kind: 'notice', level: 'error', message });
      },
    });
    this.#window.once('closed', () => {
      this.#window = null;
      this.#loaded = false;
      // On macOS the application keeps running without a window; a ladder run does not.
      void this.#host.then(({ commands }) => commands['ladder.stop']({}));
    });
  }

  #push(event: HostEvent): void {
    if (this.#loaded) pushTo(this.#window, event);
    // A page requests the captures itself when it loads.
    else if (event.kind === 'show' || event.kind === 'notice') this.#pendingEvents.push(event);
  }

  async #open(files: readonly string[]): Promise<void> {
    const host = await this.#host;
    for (const file of files) {
      try {
        await host.openFile(file);
      } catch (error) {
        // Bugs are reported too, and the other files are still opened.
        if (!(error instanceof Refusal)) printError(error);
        const message =
          error instanceof Refusal ? error.message : `${file} cannot be opened: ${String(error)}`;
        host.emit({ kind: 'notice', level: 'error', message });
      }
    }
  }

  #closeHostBeforeQuitting(): void {
    let closed = false;
    app.on('will-quit', (event) => {
      if (closed) return;
      event.preventDefault();
      closed = true;
      const timeout = new Promise((resolve) => setTimeout(resolve, quitTimeout));
      const closing = this.#host.then((host) => host.close()).catch(printError);
      // Deferred: Electron ignores `quit` within this event.
      void Promise.race([closing, timeout]).then(() => setImmediate(() => app.quit()));
    });
  }
}
