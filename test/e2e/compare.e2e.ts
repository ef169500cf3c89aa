import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { chatEnd, deltas } from '../fixtures/capture-builder.ts';
import { heldCapture, pacedCapture } from '../fixtures/written-captures.ts';
import { expect, test, type App } from './fixture/app.ts';
import { captures, openFiles } from './fixture/window.ts';

const count = 60;
const chat = deltas(count);
/** With another event 30. */
const changed = chat.with(30, (chat[30] ?? '').replace(/"content":"[^"]*"/, '"content":"other "'));

/** Opens a stream received directly, and the same stream through a proxy that held it back and changed one event. */
async function openBoth({ page, dataFolder }: App): Promise<void> {
  const direct = join(dataFolder, 'direct.ssecap.ndjson');
  const proxied = join(dataFolder, 'proxied.ssecap.ndjson');
  await writeFile(proxied, heldCapture(changed.join('') + chatEnd, 3050));
  await writeFile(direct, pacedCapture([...chat, chatEnd], 60, 20));
  await openFiles(page, proxied);
  await expect(captures(page)).toHaveCount(1);
  await openFiles(page, direct);
  // The file that was opened last is the current capture: it becomes A.
  await expect(captures(page)).toHaveCount(2);
}

const comparison = (page: Page) => page.getByRole('main', { name: 'Comparison' });
const pairs = (page: Page) => page.getByRole('grid', { name: 'Pairs of events' });

/** Compares the current capture with the first one in the list, from the palette. */
async function compare(page: Page): Promise<void> {
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: /^Find a command/ }).fill('compare');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox', { name: 'Other captures' }).getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(pairs(page)).toBeVisible();
}

test('a direct and a proxied stream are compared: figures, summary and all pairs', async ({ app, page }) => {
  await openBoth(app);
  await compare(page);
  await expect(page.getByRole('heading', { name: 'The content differs' })).toBeVisible();
  const sentences = page.getByRole('list', { name: 'Summary of the comparison' });
  await expect(sentences).toContainText('1 event changed: 30 of A.');
  await expect(sentences).toContainText('The text differs from character');
  await expect(page.getByRole('row', { name: /^first event/ })).toContainText('+2.99 s');

  const rows = pairs(page).getByRole('row');
  await expect(rows.nth(1)).toContainText('+2.99 s');
  await page.getByRole('button', { name: 'Next difference' }).click();
  const selected = pairs(page).locator('[aria-selected=true]');
  await expect(selected).toContainText('changed to 30');
  await expect(selected).toBeInViewport();
  // The difference is marked on both sides.
  await expect(page.getByRole('region', { name: 'Event of A' }).locator('mark')).toHaveText(' word30');
  await expect(page.getByRole('region', { name: 'Event of B' }).locator('mark')).toHaveText('other ');
  await page.keyboard.press('Escape');
  await expect(comparison(page)).toHaveCount(0);
});

test('a pair selected by click or key shows both events, their difference and links to them', async ({
  app,
  page,
}) => {
  await openBoth(app);
  await compare(page);
  await pairs(page).getByRole('row').nth(4).click();
  const detail = page.getByRole('group', { name: 'The events of this pair' });
  await expect(detail.getByRole('region', { name: 'Event of A' })).toContainText('event 3');
  await expect(detail.getByRole('region', { name: 'Event of B' }).locator('pre')).toContainText('"delta"');
  await pairs(page).press('ArrowDown');
  await expect(detail.getByRole('region', { name: 'Event of A' })).toContainText('event 4');
  await pairs(page).press('End');
  await expect(pairs(page).locator('[aria-selected=true]')).toContainText('[DONE]');
  // Escape first clears the selection, then closes the comparison.
  await pairs(page).press('Escape');
  await expect(pairs(page).locator('[aria-selected=true]')).toHaveCount(0);
  await expect(comparison(page)).toBeVisible();

  await pairs(page).press('Home');
  for (let n = 0; n < 3; n++) await pairs(page).press('ArrowDown');
  await detail.getByRole('region', { name: 'Event of B' }).getByRole('button', { name: 'event 3' }).click();
  await expect(comparison(page)).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Event 3', exact: true })).toBeVisible();
});

test('A and B can be swapped, the axis zoomed, and a pair selected on it', async ({ app, page }) => {
  await openBoth(app);
  await compare(page);
  await page.getByRole('button', { name: 'Swap A and B' }).click();
  await expect(page.getByRole('row', { name: /^first event/ })).toContainText('−2.99 s');
  const plot = page.getByRole('application', { name: 'A above B on one time axis' });
  await plot.press('+');
  await expect(plot.getByText(/ shown/)).toBeVisible();
  await plot.press('Escape');
  await expect(plot.getByText(/ shown/)).toHaveCount(0);
  await expect(comparison(page)).toBeVisible();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the plot is not there');
  // The events of A arrive at the end of the axis.
  const end = box.width - 22 - (box.width - 66) * 0.0114;
  await plot.click({ position: { x: end, y: 36 } });
  await expect(pairs(page).locator('[aria-selected=true]')).toHaveCount(1);
});

test('the comparison closes when a capture is opened or one of the two is deleted', async ({ app, page }) => {
  await openBoth(app);
  await compare(page);
  await captures(page).nth(1).click();
  await expect(comparison(page)).toHaveCount(0);
  await compare(page);
  const [first] = await app.call('captures.list', {});
  if (first === undefined) throw new Error('there are no captures');
  await app.call('captures.delete', { capture: first.id });
  await expect(comparison(page)).toHaveCount(0);
});

test('without another capture the dialog says what to do', async ({ app, page }) => {
  const path = join(app.dataFolder, 'alone.ssecap.ndjson');
  await writeFile(path, pacedCapture(chat, 60, 20));
  await openFiles(page, path);
  await captures(page).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Compare with…' }).click();
  await expect(page.getByText('There is no other capture.')).toBeVisible();
});
