import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './fixture/app.ts';
import { columnTexts, openFiles, showTab, stateIs, tabCount } from './fixture/window.ts';

let folder = '';
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-as-'));
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test('a file is opened in the format that the user chooses, whatever it looks like', async ({ page }) => {
  // Looks like a ZIP file.
  const path = join(folder, 'body.bin');
  await writeFile(path, 'PK\u0003\u0004\n\ndata: inside\n\n');
  await openFiles(page, path);
  await expect(page.getByRole('alert').filter({ hasText: 'body.bin' })).toContainText('use “Open as…”');

  await page.getByRole('button', { name: 'Open as…' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('menuitem', { name: /^Event stream/ }).click(),
  ]);
  await chooser.setFiles(path);
  await stateIs(page, 'Ended');
  await showTab(page, 'Events');
  expect(await tabCount(page, 'Events')).toBe(1);
  expect(await columnTexts(page, 'data')).toContain('inside');
});

test('one JSON text is opened as JSON lines', async ({ page }) => {
  const path = join(folder, 'one.json');
  await writeFile(path, '{"n":1}\n');
  await page.getByRole('button', { name: 'Open as…' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('menuitem', { name: /^JSON lines/ }).click(),
  ]);
  await chooser.setFiles(path);
  await stateIs(page, 'Ended');
  expect(await tabCount(page, 'Events')).toBe(1);
});
