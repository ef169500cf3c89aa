import { expect, test } from './fixture/app.ts';
import { captures, connectTo, showTab, stateIs, tabCount } from './fixture/window.ts';
import { WrittenStream } from './fixture/written-stream.ts';

let stream: WrittenStream;
test.beforeEach(async ({ page }) => {
  stream = await WrittenStream.start();
  await connectTo(page, `${stream.url}?first`);
  await stream.send({ n: 1 }, { n: 2 }, { n: 3 });
  await stream.end();
  await stateIs(page, 'Ended');
  await connectTo(page, `${stream.url}?second`);
  await expect(captures(page)).toHaveCount(2);
  await stream.send({ n: 1 });
  await stream.cut();
  await stateIs(page, 'Cut off');
});
test.afterEach(() => stream.stop());

test('renamed and deleted captures stay so after a restart, and keep their content', async ({ app }) => {
  const first = captures(app.page).filter({ hasText: '?first' });
  await first.click();
  await app.page.keyboard.press('F2');
  await app.page.getByLabel('Name of the capture').fill('three <b>events</b>');
  await app.page.keyboard.press('Enter');
  await expect(captures(app.page).filter({ hasText: 'three <b>events</b>' })).toBeVisible();

  await captures(app.page).filter({ hasText: '?second' }).click();
  await app.page.getByRole('listbox', { name: /^Captures/ }).press('Delete');
  await app.page.getByRole('button', { name: 'Cancel' }).click();
  await expect(captures(app.page)).toHaveCount(2);
  await app.page.getByRole('listbox', { name: /^Captures/ }).press('Delete');
  await app.page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(captures(app.page)).toHaveCount(1);
  // The remaining capture is shown.
  await stateIs(app.page, 'Ended');

  await app.restart();
  await expect(captures(app.page)).toHaveCount(1);
  await captures(app.page).filter({ hasText: 'three <b>events</b>' }).click();
  await stateIs(app.page, 'Ended');
  expect(await tabCount(app.page, 'Events')).toBe(3);
});

test('a capture shows after a restart how it ended', async ({ app }) => {
  await app.restart();
  await captures(app.page).filter({ hasText: '?second' }).click();
  await stateIs(app.page, 'Cut off');
  expect(await tabCount(app.page, 'Events')).toBe(1);
  await showTab(app.page, 'Diagnose');
  await expect(app.page.getByText('premature-close').first()).toBeVisible();
});

test('the request of a capture can be edited and sent again', async ({ page }) => {
  await captures(page).filter({ hasText: '?first' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Edit and send request' }).click();
  await expect(page.getByLabel('URL of the stream')).toHaveValue(`${stream.url}?first`);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(captures(page)).toHaveCount(3);
  expect(stream.requests.map(({ url }) => url)).toEqual(['/stream?first', '/stream?second', '/stream?first']);
});

test('the list shows how long each took, and can be searched once it is long', async ({ page }) => {
  await expect(captures(page).filter({ hasText: '?first' })).toContainText(/\d (ms|s)/);
  const search = page.getByRole('searchbox', { name: 'Search the captures' });
  await expect(search).toHaveCount(0);
  for (const [index, name] of ['third', 'fourth', 'fifth', 'sixth'].entries()) {
    await connectTo(page, `${stream.url}?${name}`);
    await expect(captures(page)).toHaveCount(3 + index);
    await stream.end();
  }
  await search.fill('STREAM f');
  await expect(captures(page)).toHaveCount(3);
  await expect(page.getByText('3 of 6 captures found')).toBeVisible();
  await search.press('Escape');
  await expect(captures(page)).toHaveCount(6);
});

test('Enter in the list, and the arrow key in the filter, lead to the rows', async ({ page }) => {
  await page.getByRole('listbox', { name: /^Captures/ }).press('Enter');
  await expect(page.getByRole('grid')).toBeFocused();
  await page.getByLabel('Filter rows').press('ArrowDown');
  await expect(page.getByRole('grid')).toBeFocused();
});

test('after a capture is deleted the focus stays in the list, on the next one', async ({ page }) => {
  const list = page.getByRole('listbox', { name: /^Captures/ });
  await list.press('Delete');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(captures(page)).toHaveCount(1);
  await expect(list).toBeFocused();
  await expect(captures(page)).toHaveAttribute('aria-selected', 'true');
});
