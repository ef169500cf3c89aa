import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixture/app.ts';
import { captures, columnTexts, connectTo, rows, showTab, stateIs, tabCount } from './fixture/window.ts';
import { WrittenStream } from './fixture/written-stream.ts';

test.describe('while a stream runs', () => {
  let stream: WrittenStream;
  let sent = 0;
  test.beforeEach(async () => {
    stream = await WrittenStream.start();
    sent = 0;
  });
  test.afterEach(() => stream.stop());

  const sendMore = (count: number): Promise<void> =>
    stream.send(...Array.from({ length: count }, () => ({ number: sent++ })));

  test('the table follows the newest row until the user scrolls up, and again when the user jumps to it', async ({
    page,
  }) => {
    const lastIs = (n: number) =>
      expect.poll(async () => Number((await columnTexts(page, '#')).at(-1))).toBe(n);
    await connectTo(page, stream.url);
    await sendMore(300);
    await lastIs(299);
    await sendMore(10);
    await lastIs(309);

    await page.getByRole('grid').hover();
    await page.mouse.wheel(0, -1200);
    const newest = page.getByRole('button', { name: 'Jump to newest' });
    await expect(newest).toBeVisible();
    await expect.poll(async () => Number((await columnTexts(page, '#'))[0])).toBeLessThan(280);
    const inSight = await columnTexts(page, '#');
    await sendMore(50);
    await expect(newest).toContainText('50 new rows');
    expect(await columnTexts(page, '#')).toEqual(inSight);

    await newest.click();
    await lastIs(359);
    await expect(newest).toBeHidden();
    await sendMore(5);
    await lastIs(364);

    // Selecting a row also stops following.
    await rows(page).first().click();
    await expect(newest).toBeVisible();
    await stream.end();
    await stateIs(page, 'Ended');
    await expect(newest).toBeHidden();
  });

  test('the counts of all lanes grow, and the state shows the end', async ({ page }) => {
    await connectTo(page, stream.url);
    await stateIs(page, 'Streaming');
    await sendMore(3);
    for (const lane of ['Chunks', 'Events', 'JSON']) {
      await showTab(page, lane);
      await expect.poll(() => tabCount(page, lane)).toBe(lane === 'Chunks' ? 1 : 3);
    }
    await sendMore(2);
    await expect.poll(() => tabCount(page, 'JSON')).toBe(5);
    await expect.poll(() => columnTexts(page, '#')).toEqual(['0', '1', '2', '3', '4']);
    await stream.end();
    await stateIs(page, 'Ended');
    await showTab(page, 'Events');
  });

  test('the columns of each lane are side by side', async ({ page }) => {
    await connectTo(page, stream.url);
    await sendMore(1);
    for (const lane of ['Chunks', 'Events', 'JSON']) {
      await showTab(page, lane);
      await expect(rows(page)).toHaveCount(1);
      const boxes = await page
        .getByRole('columnheader')
        .evaluateAll((heads) => heads.map((head) => head.getBoundingClientRect().toJSON() as DOMRect));
      for (const [n, { left }] of boxes.entries()) {
        expect(left, `column ${n} of ${lane}`).toBeGreaterThanOrEqual(boxes[n - 1]?.right ?? 0);
      }
    }
  });

  test('another capture can be shown while the stream continues', async ({ page }) => {
    await connectTo(page, stream.url);
    await sendMore(1);
    await expect.poll(() => tabCount(page, 'Events')).toBe(1);
    const other = await WrittenStream.start();
    // The button refers to the current capture.
    await page.getByLabel('URL of the stream').fill(other.url);
    await page.keyboard.press('Enter');
    await other.end();
    await stateIs(page, 'Ended');
    await other.stop();
    await sendMore(6);
    await captures(page).nth(1).click();
    await expect.poll(() => tabCount(page, 'Events')).toBe(7);
    await stateIs(page, 'Streaming');
    await stream.end();
    await stateIs(page, 'Ended');
  });
});

test('the theme is switched by shortcut, survives a restart, and can follow the system', async ({ app }) => {
  const theme = () => app.page.locator('html').getAttribute('data-theme');
  const background = () =>
    app.page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  await app.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(theme).toBe('dark');
  const dark = await background();
  await app.page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(theme).toBe('light');
  expect(await background()).not.toBe(dark);

  // From system to light, from light to dark.
  await app.page.keyboard.press('Control+Shift+L');
  await app.page.keyboard.press('Control+Shift+L');
  await expect.poll(theme).toBe('dark');
  expect(await background()).toBe(dark);
  await expect.poll(() => readFile(join(app.dataFolder, 'preferences.json'), 'utf8')).toContain('"dark"');
  await app.restart();
  await expect.poll(theme).toBe('dark');
  await app.page.keyboard.press('Control+Shift+L');
  await expect(app.page.getByText('Theme: system')).toBeVisible();
});
