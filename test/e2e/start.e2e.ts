import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixture/app.ts';

test('the window first shows what to do', async ({ page }) => {
  await expect(page).toHaveTitle(/SSE Inspector/);
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeVisible();
});

test('a file on the command line is opened', async ({ app }) => {
  const path = join(app.dataFolder, 'given.sse');
  await writeFile(path, 'event: greeting\ndata: hello from a file\n\n');
  await app.restart([path]);
  await expect(app.page.getByText('hello from a file').first()).toBeVisible();
});

test('captures are listed again after a restart', async ({ app }) => {
  const path = join(app.dataFolder, 'given.sse');
  await writeFile(path, 'event: greeting\ndata: hello from a file\n\n');
  await app.restart([path]);
  await expect(app.page.getByText('given.sse').first()).toBeVisible();
  await app.restart();
  await expect(app.page.getByText('given.sse').first()).toBeVisible();
});
