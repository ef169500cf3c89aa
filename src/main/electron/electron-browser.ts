import { randomUUID } from 'node:crypto';
import { app, type Session, session, WebContentsView } from 'electron';
import type { Browser, PageReport, PageTask, PageObserver } from '../browser/browser.ts';
import { lateness, servePage, originsOf, type ServedPage } from '../browser/page-server.ts';
import { contain } from './containment.ts';

/** ms that the page gets to load and report, beyond the timeout of the task. */
const startTime = 15_000;

/**
 * The browser of the application itself: a sandboxed page in its own process, with an in-memory session and without a
 * preload script. It can only report to the server that it came from. It has no window, which could become visible or
 * keep the application running.
 */
export class ElectronBrowser implements Browser {
  readonly name = `Chromium ${process.versions.chrome} (this application)`;

  async run(
    task: PageTask,
    allowOrigin: (origin: string) => void,
    signal: AbortSignal,
    watch?: PageObserver,
  ): Promise<PageReport> {
    await app.whenReady();
    signal.throwIfAborted();
    const page = await servePage(task, watch);
    allowOrigin(page.origin);
    const allowed = new Set([page.origin, ...originsOf(task)]);
    const closeSession = allow(allowed);
    const view = new WebContentsView({
      webPreferences: {
        session: pageSession(),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        images: false,
        // The page is never visible, but must run as fast as a visible one.
        backgroundThrottling: false,
      },
    });
    try {
      return await reportOf(view, page, task.timeout, signal);
    } finally {
      if (!view.webContents.isDestroyed()) view.webContents.close();
      closeSession();
      await Promise.all([page.close(), clearStorage()]);
    }
  }
}

/** Loads the page and waits for its report; rejects when it crashes, is late, or `signal` aborts. */
async function reportOf(
  { webContents }: WebContentsView,
  page: ServedPage,
  timeout: number | null,
  signal: AbortSignal,
): Promise<PageReport> {
  const over = new AbortController();
  const failure = new Promise<never>((_, reject) => {
    webContents.once('render-process-gone', (_event, { reason }) =>
      reject(new Error(`the page’s process ended: ${reason}`)),
    );
    webContents.loadURL(page.url).catch(reject);
  });
  failure.catch(() => {});
  try {
    return await Promise.race([
      page.report,
      failure,
      lateness(page, timeout, startTime, AbortSignal.any([signal, over.signal])),
    ]);
  } finally {
    over.abort();
  }
}

function originOf(url: string): string {
  return new URL(url).origin;
}

/** The origins that each open page may connect to. */
const allowedOrigins = new Set<ReadonlySet<string>>();

function allow(origins: ReadonlySet<string>): () => void {
  allowedOrigins.add(origins);
  return () => allowedOrigins.delete(origins);
}

/** Removes cookies and other data once no page is open, so that the next stream does not see them. */
async function clearStorage(): Promise<void> {
  if (allowedOrigins.size === 0) await made?.clearStorageData();
}

let made: Session | null = null;

/** The session of all pages. Without the prefix `persist:` it is kept in memory only. */
function pageSession(): Session {
  if (made !== null) return made;
  made = session.fromPartition(`browser-${randomUUID()}`, { cache: false });
  contain(made, (address) => {
    const origin = originOf(address);
    return [...allowedOrigins].some((origins) => origins.has(origin));
  });
  return made;
}
