import { randomUUID } from 'node:crypto';
import { app, type Session, session, WebContentsView } from 'electron';
import type { Browser, PageReport, PageTask, PageObserver } from '../browser/browser.ts';
import { lateness, servePage, originsOf, type ServedPage } from '../browser/page-server.ts';
import { contain } from './containment.ts';

/** ms that the page gets to load and report, beyond the timeout of the task. */
const startTime = 15_000;

/**
 * The browser inside the application: a page in a process of its own, sandboxed, in a session that only memory holds,
 * without any preload script. Its one way out is the report to the server that it came from. It is in no window: none
 * can flash up, and none keeps the application alive.
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
        // Nobody ever sees the page, and it is to be as quick as one that is seen.
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

/** What the pages that are open at the moment may reach: a set of origins each. */
const allowedOrigins = new Set<ReadonlySet<string>>();

function allow(origins: ReadonlySet<string>): () => void {
  allowedOrigins.add(origins);
  return () => allowedOrigins.delete(origins);
}

/** What a stream's server left behind (cookies, say) is not there for the next. */
async function clearStorage(): Promise<void> {
  if (allowedOrigins.size === 0) await made?.clearStorageData();
}

let made: Session | null = null;

/** The session of all pages. Without the prefix `persist:` it is kept in memory alone. */
function pageSession(): Session {
  if (made !== null) return made;
  made = session.fromPartition(`browser-${randomUUID()}`, { cache: false });
  contain(made, (address) => {
    const origin = originOf(address);
    return [...allowedOrigins].some((origins) => origins.has(origin));
  });
  return made;
}
