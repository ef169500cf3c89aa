import { expect, test } from './fixture/app.ts';

test('the lab’s log shows requests of other clients live, and can show a single one', async ({ page }) => {
  await page.getByRole('button', { name: /^Lab log/ }).click();
  const log = page.getByRole('main', { name: 'Lab log' });
  await expect(log).toContainText('No request yet');
  const command = (await log.locator('.try code').textContent()) ?? '';
  const url = /^curl -N (http:\/\/127\.0\.0\.1:\d+\/\S+)$/.exec(command)?.[1] ?? '';
  const origin = new URL(url).origin;

  const request = async (path: string, id: string) =>
    fetch(`${origin}${path}`, { headers: { 'x-request-id': id } });
  const open = await request('/stages/async?delay=20', 'outside-1');
  const records = log.getByRole('rowgroup', { name: 'Records' }).getByRole('row');
  await expect(records.first()).toContainText('GET /stages/async?delay=20');
  await open.text();
  await expect(records.last()).toContainText('complete, ');
  await expect(records.filter({ hasText: 'yield' }).first()).toContainText('async');

  await (await request('/nothing-here', 'outside-2')).text();
  await expect(records.last()).toContainText('GET /nothing-here: 404');
  await log.getByLabel('Request').selectOption('outside-1');
  await expect(records.last()).toContainText('complete, ');
  await expect(log).not.toContainText('/nothing-here');
  await log.getByLabel('Request').selectOption('');
  await expect(records.last()).toContainText('GET /nothing-here: 404');

  await log.getByRole('button', { name: 'Clear' }).click();
  await expect(log).toContainText('No request yet');
});

test('during a burst the newest records stay in sight and their number is limited', async ({ page }) => {
  await page.getByRole('button', { name: /^Lab log/ }).click();
  const log = page.getByRole('main', { name: 'Lab log' });
  const origin = ((await log.locator('header .address .wire').textContent()) ?? '').trim();
  const response = await fetch(`${origin}/scenarios/burst?count=8000&size=64`, {
    headers: { 'x-request-id': 'burst' },
  });
  await response.text();
  const records = log.getByRole('rowgroup', { name: 'Records' }).getByRole('row');
  await expect(records.last()).toContainText('complete, 8000 events', { timeout: 30_000 });
  await expect(records.last()).toBeInViewport();
  await expect(log).toContainText(/5,000 records, [\d,]+ older ones dropped/);
  expect(await records.count()).toBeLessThan(100);

  // Scrolling up stops following.
  await log.getByRole('rowgroup', { name: 'Records' }).evaluate((rows) => rows.scrollTo(0, 0));
  const top = await records.first().textContent();
  await (await fetch(`${origin}/stages/endpoint`)).text();
  await expect(log.getByLabel('Request').locator('option').nth(1)).toContainText('endpoint');
  expect(
    await log.getByRole('rowgroup', { name: 'Records' }).evaluate((rows) => rows.scrollTop),
  ).toBeLessThan(50);
  expect(top).not.toContain('complete');
});
