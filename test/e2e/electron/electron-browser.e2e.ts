import type { ElectronApplication, Page } from '@playwright/test';
import { expect, test } from '../fixture/app.ts';

// The part of rung 2 that differs in the application: the page that opens streams.

/** What was seen of the browser client's page while it was open. */
interface Seen {
  readonly preferences: Record<string, unknown>;
  readonly isDefaultSession: boolean;
  /** Null for a session in memory. */
  readonly storagePath: string | null;
  readonly windows: number;
  readonly attempts: Record<string, unknown>;
}

/** What a compromised page would try. All of it ends before the page has read its streams. */
const attemptsInPage = `(async () => {
  const failed = (promise) => promise.then(() => 'done', () => 'refused');
  const before = location.href;
  location.assign('https://example.invalid/');
  return {
    bridge: 'sseInspector' in globalThis || 'require' in globalThis || 'process' in globalThis,
    elsewhere: await failed(fetch('http://127.0.0.1:1/')),
    application: await failed(fetch('app://sse-inspector/index.html')),
    file: await failed(fetch('file:///etc/passwd')),
    opened: window.open('about:blank') !== null,
    position: (await navigator.permissions.query({ name: 'geolocation' })).state,
    stayed: location.href === before,
  };
})()`;

/** Runs only rung 2 and inspects its page from the main process. */
async function seePage(electron: ElectronApplication, page: Page): Promise<Seen> {
  const seen = electron.evaluate(
    ({ app, BrowserWindow, session }, script) =>
      new Promise<Seen>((resolve, reject) => {
        app.once('web-contents-created', (_event, contents) => {
          contents.once('did-finish-load', () => {
            const { getLastWebPreferences } = contents as unknown as {
              getLastWebPreferences(): Record<string, unknown>;
            };
            const preferences = getLastWebPreferences.call(contents);
            const isDefaultSession = contents.session === session.defaultSession;
            const { storagePath } = contents.session;
            const windows = BrowserWindow.getAllWindows().length;
            contents
              .executeJavaScript(script)
              .then(
                (attempts: Record<string, unknown>) =>
                  resolve({ preferences, isDefaultSession, storagePath, windows, attempts }),
                reject,
              );
          });
        });
      }),
    attemptsInPage,
  );
  await page.getByRole('button', { name: /^Rung 2, / }).click();
  await page.getByRole('button', { name: 'Run this rung' }).click();
  return seen;
}

test('the page of the browser client is sandboxed, has no bridge and no window, and has its own session in memory', async ({
  app,
  page,
}) => {
  if (app.electron === null) throw new Error('this test needs Electron');
  const seen = await seePage(app.electron, page);
  expect(seen.preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  expect(seen.preferences['preload'] ?? null).toBeNull();
  expect(seen).toMatchObject({ isDefaultSession: false, storagePath: null, windows: 1 });
  expect(seen.attempts).toEqual({
    bridge: false,
    elsewhere: 'refused',
    application: 'refused',
    file: 'refused',
    opened: false,
    position: 'denied',
    stayed: true,
  });
  await expect(page.getByRole('button', { name: /^Rung 2, [^:]+: passed/ })).toBeVisible();
  const left = await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length);
  expect(left).toBe(1);
});

test('the main window’s policy allows no connection while the browser client has a stream open', async ({
  app,
  page,
}) => {
  if (app.electron === null) throw new Error('this test needs Electron');
  const seen = seePage(app.electron, page);
  const reached = await page.evaluate(() =>
    fetch('http://127.0.0.1:1/').then(
      () => true,
      () => false,
    ),
  );
  expect(reached).toBe(false);
  await seen;
  const policy = (await page.reload())?.headers()['content-security-policy'];
  expect(policy).toContain("connect-src 'none'");
});

test('quitting during a ladder run ends at once, with status 0', async ({ app, page }) => {
  const ended = new Promise<number | null>((resolve) => app.electron?.process().once('exit', resolve));
  await page.getByRole('button', { name: 'Run the ladder', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Rung [23], [^:]+: running/ })).toBeVisible();
  const began = performance.now();
  await app.close();
  expect(await ended).toBe(0);
  // Well within the timeout for quitting: nothing was dropped.
  expect(performance.now() - began).toBeLessThan(4500);
});

test('closing the window during a ladder run leaves no page open', async ({ app, page }) => {
  const ended = new Promise<number | null>((resolve) => app.electron?.process().once('exit', resolve));
  await page.getByRole('button', { name: 'Run the ladder', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Rung 2, [^:]+: running/ })).toBeVisible();
  await app.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  // The application ends with its last window.
  expect(await ended).toBe(0);
});
