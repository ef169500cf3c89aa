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

/** How long quitting waits for captures to be written, in ms. */
const quitTimeout = 5000;

/**
 * The desktop application: one window, one host. Nothing is awaited at the top level, as Electron 33 becomes ready
 * only when the main module is through.
 */
export function startApplication(): void {
  app.setName('SSE Inspector');
  // Without the name's space and capitals: `serve` on the command line keeps its captures in the same folder.
  const folder = process.env['SSE_INSPECTOR_USER_DATA'] || join(app.getPath('appData'), 'sse-inspector');
  try {
    makeFolder(folder, 0o700);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    // Without it there is no lock either, and it would look as if another instance ran.
    dialog.showErrorBox('SSE Inspector cannot start', `Its folder cannot be used: ${String(error)}`);
    app.exit(3);
    return;
  }
  app.setPath('userData', folder);

  const files = givenFiles(process.argv, app.isPackaged, process.cwd());
  if (!app.requestSingleInstanceLock({ files })) {
    // The instance that runs opens the files and comes to the front.
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
  /** What must not be missed, said before there is a page to hear it. */
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
            // Asked for when the page asks: the keyring is not known before the application is ready.
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
      // The process ends here: whoever waits for the host waits no longer.
      return new Promise(() => {});
    }
  }

  /** The host's commands, with what the window must know of. */
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

  /** Read beside the host's own, so that the window need not wait for the host. */
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
        const message = `The window's process ended (${reason}) and was started again. Captures went on meanwhile.`;
        this.#push({ kind: 'notice', level: 'error', message });
      },
    });
    this.#window.once('closed', () => {
      this.#window = null;
      this.#loaded = false;
      // On a Mac the application goes on without a window; a ladder that nobody sees does not.
      void this.#host.then(({ commands }) => commands['ladder.stop']({}));
    });
  }

  #push(event: HostEvent): void {
    if (this.#loaded) pushTo(this.#window, event);
    // A page that loads asks for the captures itself.
    else if (event.kind === 'show' || event.kind === 'notice') this.#pendingEvents.push(event);
  }

  async #open(files: readonly string[]): Promise<void> {
    const host = await this.#host;
    for (const file of files) {
      try {
        await host.openFile(file);
      } catch (error) {
        // Nobody waits for this: a bug is told too, and the other files are opened.
        if (!(error instanceof Refusal)) printError(error);
        const message =
          error instanceof Refusal ? error.message : `${file} cannot be opened: ${String(error)}`;
        host.tell({ kind: 'notice', level: 'error', message });
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
      // Not from within this event, where Electron would ignore it as already quitting.
      void Promise.race([closing, timeout]).then(() => setImmediate(() => app.quit()));
    });
  }
}
