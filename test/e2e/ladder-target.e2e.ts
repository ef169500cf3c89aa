import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from '@playwright/test';
import type { RungNumber } from '../../src/core/rungs.ts';
import { expect, test } from './fixture/app.ts';

/** Long enough for a rung on a busy machine, ms. */
const climbTime = 45_000;

/** The user's server: `/hello` is rung 1, `/late` sends another content type. */
let server: Server;
let origin = '';
test.beforeAll(async () => {
  server = createServer((request, response) => {
    const isHello = request.url === '/hello';
    response.writeHead(200, {
      'content-type': isHello ? 'text/event-stream' : 'text/plain',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    });
    for (let n = 0; n < 5; n++) response.write('data: hello world\n\n');
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

function rung(page: Page, number: RungNumber, state = ''): Locator {
  return page.getByRole('button', { name: new RegExp(`^Rung ${number}, [^:]+: ${state}`) });
}

async function giveAddresses(page: Page, all: string, first: string): Promise<void> {
  await page.getByRole('button', { name: 'Your server', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Your server' });
  await dialog.getByLabel('All rungs').fill(all);
  await dialog.getByLabel('1 Endpoint').fill(first);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Your server', exact: true })).toBeFocused();
}

/** Runs a single rung from its panel. */
async function runRung(page: Page, number: RungNumber): Promise<void> {
  await rung(page, number).click();
  await page.getByRole('button', { name: 'Run this rung' }).click();
}

test('the ladder runs on the addresses of the user’s server, which are remembered', async ({ app, page }) => {
  await giveAddresses(page, origin, '/hello');
  await runRung(page, 1);
  await expect(rung(page, 1, 'passed')).toBeVisible({ timeout: climbTime });
  const panel = page.getByRole('main', { name: 'Rung 1, Endpoint' });
  await expect(panel.getByText('Break it on purpose')).toHaveCount(0);
  // A run is a capture of the user's own server.
  await panel.getByRole('list').getByRole('button').first().click();
  await expect(page.getByRole('tab', { name: /^Events/ })).toContainText('5');

  await app.restart();
  const switched = app.page.getByRole('button', { name: 'Your server', exact: true });
  await expect(switched).toHaveAttribute('aria-pressed', 'true');
  await expect(app.page.getByRole('button', { name: /and 1 more$/ })).toBeVisible();
});

test('a failed rung shows why, and what could not be checked', async ({ page }) => {
  await giveAddresses(page, `${origin}/late`, '');
  await runRung(page, 1);
  await expect(rung(page, 1, 'text/plain|.*text/plain')).toBeVisible({ timeout: climbTime });
  await expect(page.getByRole('list', { name: 'Not checked' })).toContainText('Not checked');
});

test('an invalid address is reported in the ladder’s pane', async ({ page }) => {
  await giveAddresses(page, 'ftp://127.0.0.1/x', '');
  await page.getByRole('button', { name: 'Run the ladder', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Rung 1' })).toBeVisible();
});

test('kept runs can be opened again and exported', async ({ app, page }) => {
  await giveAddresses(page, origin, '/hello');
  await runRung(page, 1);
  await expect(rung(page, 1, 'passed')).toBeVisible({ timeout: climbTime });
  await expect(page.getByRole('button', { name: 'Run the ladder', exact: true })).toBeEnabled();
  await app.page.reload();
  await expect(rung(page, 1, 'not run yet')).toBeVisible();

  await page.getByRole('button', { name: 'Saved ladder runs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Saved ladder runs' });
  const first = dialog.getByRole('listitem').first();
  await expect(first).toContainText(new URL(origin).host);
  const saved = await app.save(async () => {
    await first.getByRole('button', { name: 'Export' }).click();
  });
  expect(JSON.parse(await readFile(saved, 'utf8'))).toMatchObject({ format: 'sse-ladder-run' });
  await first.getByRole('button', { name: 'Open' }).click();
  await expect(rung(page, 1, 'passed')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the newest run' }).click();
  await expect(rung(page, 1, 'not run yet')).toBeVisible();
});
