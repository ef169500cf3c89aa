import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, testInOwnApp as test } from '../fixture/app.ts';
import { launchApplication } from '../fixture/electron-host.ts';

const stream = 'event: greeting\ndata: hello from a file\n\n';

test('a file given to a second instance is opened by the running one, and the second one ends', async ({
  app,
}) => {
  const path = join(app.dataFolder, 'given.sse');
  await writeFile(path, stream);
  const second = launchApplication(app.dataFolder, [path]).catch((error: unknown) => error);
  await expect(app.page.getByText('given.sse').first()).toBeVisible();
  // It ends before Playwright can connect to it.
  expect(await second).toBeInstanceOf(Error);
});

test('a missing file is reported in the window', async ({ app }) => {
  await app.restart([join(app.dataFolder, 'missing.sse')]);
  await expect(app.page.getByText(/missing\.sse/)).toBeVisible();
});

test('the window restores its position', async ({ app }) => {
  const bounds = { x: 40, y: 60, width: 1000, height: 700 };
  await app.electron?.evaluate(
    ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to),
    bounds,
  );
  const now = () =>
    app.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
  // The X server applies them asynchronously. Playwright sometimes loses a result of the main process ("Resulting
  // promise was garbage collected"), so this is repeated.
  const isThere = async (): Promise<void> => expect(await now()).toEqual(bounds);
  await expect(isThere).toPass({ timeout: 20_000 });
  await app.restart();
  await expect(isThere).toPass({ timeout: 20_000 });
});

test('a window on a display that is gone opens on a visible one', async ({ app }) => {
  await app.close();
  const gone = { x: 9000, y: 9000, width: 1000, height: 700, maximized: false };
  await writeFile(join(app.dataFolder, 'window.json'), JSON.stringify(gone));
  await app.restart();
  await expect(async () => {
    const bounds = await app.electron?.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getBounds(),
    );
    expect(bounds?.x).toBeLessThan(1920);
    expect(bounds?.width).toBe(1280);
  }).toPass({ timeout: 20_000 });
});

test('the window, its background and its menus follow the preferred theme', async ({ app, page }) => {
  const seen = () =>
    app.electron?.evaluate(({ BrowserWindow, nativeTheme }) => ({
      dark: nativeTheme.shouldUseDarkColors,
      background: BrowserWindow.getAllWindows()[0]?.getBackgroundColor().toLowerCase(),
    }));
  const prefer = (theme: string) =>
    page.evaluate((theme) => {
      const bridge = Reflect.get(globalThis, 'sseInspector') as {
        call(name: string, params: unknown): Promise<unknown>;
      };
      return bridge.call('preferences.set', { theme });
    }, theme);
  await prefer('dark');
  await expect(async () => expect(await seen()).toEqual({ dark: true, background: '#11141a' })).toPass({
    timeout: 20_000,
  });
  await prefer('light');
  await expect(async () => expect(await seen()).toEqual({ dark: false, background: '#ffffff' })).toPass({
    timeout: 20_000,
  });
  await prefer('dark');
  await app.restart();
  await expect(async () => expect(await seen()).toEqual({ dark: true, background: '#11141a' })).toPass({
    timeout: 20_000,
  });
});

test('a page that crashes is reloaded, with a message', async ({ app }) => {
  await app.electron?.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  const answers = await app.electron?.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    await new Promise<void>((resolve) => contents?.once('did-finish-load', () => resolve()));
    // Playwright has lost the crashed page: the new one is inspected from the main process.
    return (await contents?.executeJavaScript(`new Promise((resolve) => {
      const look = () => {
        if (document.body.innerText.includes('started again')) resolve(document.body.innerText);
      };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
      look();
    })`)) as string;
  });
  expect(answers).toContain('Captures continued in the meantime');
});

test('quitting ends with status 0 and saves the preferences', async ({ app, page }) => {
  const ended = new Promise<number | null>((resolve) => app.electron?.process().once('exit', resolve));
  await page.evaluate(() => {
    const bridge = Reflect.get(globalThis, 'sseInspector') as {
      call(name: string, params: unknown): Promise<unknown>;
    };
    // Not awaited: the application quits right after it.
    void bridge.call('preferences.set', {
      ladder: { on: 'target', url: 'http://127.0.0.1/remembered', rungs: ['', '', '', '', '', '', ''] },
    });
    return bridge.call('host.describe', {});
  });
  await app.close();
  expect(await ended).toBe(0);
  const stored = await readFile(join(app.dataFolder, 'preferences.json'), 'utf8');
  expect(stored).toContain('remembered');
});

test('the menu sends its actions to the page', async ({ app, page }) => {
  const labels = await app.electron?.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items.map((entry) => entry.label) ?? []),
  );
  expect(labels).toEqual(
    expect.arrayContaining(['Open file…', 'Export capture…', 'Connect', 'Stop stream', 'Command palette…']),
  );
  await page.evaluate(() => {
    const heard: unknown[] = [];
    const bridge = Reflect.get(globalThis, 'sseInspector') as {
      listen(listener: (event: unknown) => void): void;
    };
    bridge.listen((event) => heard.push(event));
    Object.assign(globalThis, { heard });
  });
  await app.electron?.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
    items.find((item) => item.label === 'Go to URL')?.click();
  });
  await expect
    .poll(() => page.evaluate(() => Reflect.get(globalThis, 'heard')))
    .toContainEqual({
      kind: 'menu',
      action: 'focus-url',
    });
});
