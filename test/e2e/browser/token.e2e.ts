import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { launchChromium, systemChromium } from '../fixture/browser-host.ts';
import { expect, test } from '../fixture/served-page.ts';
import { captures, chooseExport, openFiles } from '../fixture/window.ts';

let browser: Browser;
test.beforeAll(async () => {
  if (systemChromium() !== null) browser = await launchChromium();
});
test.afterAll(() => browser?.close());

for (const [what, fragment] of [
  ['without a token', ''],
  ['with a wrong token', '#token=wrong'],
] as const) {
  test(`an address ${what} opens a page without access, which says so`, async ({ served }) => {
    const page = await browser.newPage();
    const refused = page.waitForResponse(`${served.origin}/api/call/captures.list`);
    await page.goto(`${served.origin}/${fragment}`);
    expect((await refused).status()).toBe(401);
    await expect(
      page.getByRole('alert').filter({ hasText: 'open the address that was printed' }).first(),
    ).toBeVisible();
    const events = await page.evaluate(async () => (await fetch('/api/events')).status);
    expect(events).toBe(401);
    await page.close();
  });
}

test('the token is removed from the address bar, is in no Referer, and survives only a reload of the tab', async ({
  served,
}) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sent: string[] = [];
  page.on('request', (request) => {
    const { referer = '' } = request.headers();
    sent.push(request.url(), referer);
  });
  await page.goto(served.address);
  await expect(page.getByText('See a stream at every step')).toBeVisible();
  expect(page.url()).toBe(`${served.origin}/`);
  expect(
    await page.evaluate(() => [location.href, document.referrer, document.cookie, history.length]),
  ).toEqual([`${served.origin}/`, '', '', expect.any(Number)]);
  expect(sent.filter((text) => text.includes(served.token))).toEqual([]);

  const again = page.waitForResponse(`${served.origin}/api/call/captures.list`);
  await page.reload();
  expect((await again).status()).toBe(200);
  // Another tab has no token.
  const other = await context.newPage();
  const refused = other.waitForResponse(`${served.origin}/api/call/captures.list`);
  await other.goto(served.origin);
  expect((await refused).status()).toBe(401);
  await context.close();
});

test('the page runs no inline code, and its policy forbids it', async ({ served }) => {
  const page = await browser.newPage();
  const response = await page.goto(served.address);
  const headers = response?.headers() ?? {};
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|data:|blob:/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  expect(headers).not.toHaveProperty('access-control-allow-origin');

  const blocked = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(event.effectiveDirective),
    );
    const attempt = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    };
    const script = document.createElement('script');
    const image = document.createElement('img');
    document.body.append(script, image);
    // Refused without the need for trusted types; so are nodes inserted by a parser.
    attempt(() => script.append('globalThis.ran = true'));
    attempt(() => script.setAttribute('src', 'data:text/javascript,globalThis.ran = true'));
    attempt(() => image.setAttribute('onerror', 'globalThis.ran = true'));
    attempt(() =>
      document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="globalThis.ran = true">'),
    );
    image.src = 'http://127.0.0.1:9/x.png';
    await fetch('http://127.0.0.1:9/').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve));
    return { ran: Reflect.get(globalThis, 'ran') as unknown, violations };
  });
  expect(blocked.ran).toBeUndefined();
  expect(blocked.violations).toEqual(expect.arrayContaining(['connect-src', 'img-src']));
  await page.close();
});

test('a download is available once under its address', async ({ served }) => {
  const page = await browser.newPage({ acceptDownloads: true });
  await page.goto(served.address);
  const path = join(served.dataFolder, 'given.sse');
  await writeFile(path, 'data: once\n\n');
  await openFiles(page, path);
  await expect(captures(page)).toHaveCount(1);
  const begun = page.waitForEvent('download');
  await chooseExport(page, 'sse');
  const download = await begun;
  expect(await readFile(await download.path(), 'utf8')).toBe('data: once\n\n');
  expect(download.url()).toMatch(/\/api\/download\/[\w-]{43}$/);

  const again = await page.evaluate(async (url) => {
    const response = await fetch(url);
    return { status: response.status, text: await response.text() };
  }, download.url());
  expect(again.status).toBe(403);
  expect(again.text).not.toContain('once');
  await page.close();
});

test('a preference that is set just before the tab is closed is saved', async ({ served }) => {
  const page = await browser.newPage();
  await page.goto(served.address);
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeVisible();
  await expect.poll(() => page.locator('html').getAttribute('data-theme')).not.toBeNull();
  await page.keyboard.press('Control+Shift+L');
  await page.close();
  await expect.poll(() => served.call('preferences.get', {})).toMatchObject({ theme: 'light' });
});
