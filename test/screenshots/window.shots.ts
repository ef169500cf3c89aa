import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/setup/project.mjs';
import { expect, test, type App } from '../e2e/fixture/app.ts';
import { connectTo, openFiles, rows, showTab, stateIs, tabCount } from '../e2e/fixture/window.ts';
import { writeFile } from 'node:fs/promises';
import { chatEnd, deltas } from '../fixtures/capture-builder.ts';
import { heldCapture, pacedCapture } from '../fixtures/written-captures.ts';
import { ChatServer } from './chat-server.ts';

const images = process.env['SSE_INSPECTOR_IMAGES'] ?? join(root, 'docs', 'images');
const sizes = [
  { suffix: '', width: 1280, height: 800 },
  { suffix: '-1920', width: 1920, height: 1080 },
];
const themes = ['light', 'dark'] as const;

let server: ChatServer;
test.beforeAll(async () => {
  mkdirSync(images, { recursive: true });
  server = await ChatServer.start();
});
test.afterAll(() => server.stop());

test('the window while a chat streams, with an event selected', async ({ app }) => {
  const { page } = app;
  await connectTo(page, `${server.origin}/clock`);
  await stateIs(page, 'Ended');
  await connectTo(page, `${server.origin}/missing`);
  await stateIs(page, 'Status 404');
  await connectTo(page, `${server.origin}/v1/responses`);
  await stateIs(page, 'Cut off');
  const body = JSON.stringify({
    model: 'example-model',
    stream: true,
    messages: [{ role: 'user', content: 'Why?' }],
  });
  await connectTo(
    page,
    `curl -d '${body}' -H 'Content-Type: application/json' '${server.origin}/v1/chat/completions'`,
  );
  await expect.poll(() => tabCount(page, 'Events'), { timeout: 30_000 }).toBeGreaterThan(190);
  await rows(page).filter({ hasText: 'delta.content' }).nth(3).click();
  await expect(page.getByRole('heading', { name: /^Event \d+$/ })).toBeVisible();
  await stateIs(page, 'Ended');
  await shoot(app, 'window', sizes);
  await showTab(page, 'Message');
  await page.getByRole('region', { name: 'Message', exact: true }).evaluate((pane) => pane.scrollTo(0, 0));
  await expect(page.getByRole('region', { name: 'Text', exact: true })).toBeVisible();
  await shoot(app, 'message', sizes.slice(0, 1));
});

for (const [name, file, verdict] of [
  ['diagnose', heldCapture(deltas(150).join('') + chatEnd, 3050), 'It breaks at rung 4, Async'],
  ['diagnose-healthy', pacedCapture([...deltas(150), chatEnd], 60, 20), 'Nothing wrong'],
] as const) {
  test(`the diagnosis that says "${verdict}"`, async ({ app }) => {
    const path = join(app.dataFolder, 'chat.ssecap.ndjson');
    await writeFile(path, file);
    await openFiles(app.page, path);
    await showTab(app.page, 'Diagnose');
    await expect(app.page.getByRole('heading', { name: verdict })).toBeVisible();
    await shoot(app, name, sizes.slice(0, 1));
  });
}

test('a stream taken directly and through a proxy that held it back, against each other', async ({ app }) => {
  const { page, dataFolder } = app;
  for (const [name, file] of [
    ['proxied', heldCapture(deltas(150).join('') + chatEnd, 3050)],
    ['direct', pacedCapture([...deltas(150), chatEnd], 60, 20)],
  ] as const) {
    const path = join(dataFolder, `${name}.ssecap.ndjson`);
    await writeFile(path, file);
    await openFiles(page, path);
  }
  await expect(page.getByRole('listbox', { name: /^Captures/ }).getByRole('option')).toHaveCount(2);
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: /^Find a command/ }).fill('compare');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox', { name: 'Other captures' }).getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Pairs of events' })).toBeVisible();
  await shoot(app, 'compare', sizes.slice(0, 1));
});

/** Takes the picture at each size in each theme. */
async function shoot(app: App, name: string, at: typeof sizes): Promise<void> {
  const { page } = app;
  for (const { suffix, width, height } of at) {
    await app.electron?.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    );
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
    for (const theme of themes) {
      await chooseTheme(app, theme);
      // No news, and nothing under a pointer.
      for (const dismiss of await page.getByRole('button', { name: 'Dismiss' }).all()) await dismiss.click();
      await expect(page.locator('.notice')).toHaveCount(0);
      await page.mouse.move(width - 2, height - 2);
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
      await page.screenshot({ path: join(images, `${name}-${theme}${suffix}.png`), animations: 'disabled' });
    }
  }
}

async function chooseTheme({ page }: App, theme: (typeof themes)[number]): Promise<void> {
  const now = () => page.locator('html').getAttribute('data-theme');
  for (let n = 0; n < 3 && (await now()) !== theme; n++) await page.keyboard.press('Control+Shift+L');
  await expect.poll(now).toBe(theme);
}
