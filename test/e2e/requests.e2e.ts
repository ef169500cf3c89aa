import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { captures, pasteInto, stateIs } from './fixture/window.ts';
import { WrittenStream } from './fixture/written-stream.ts';
import { expect, test } from './fixture/app.ts';
import type { Page } from '@playwright/test';

const secret = 'sk-requests-7c1e9b';
const body = '{"model":"small","stream":true}';

let stream: WrittenStream;
test.beforeEach(async () => {
  stream = await WrittenStream.start();
});
test.afterEach(() => stream.stop());

const urlField = (page: Page) => page.getByLabel('URL of the stream');
const requestLine = (page: Page) => page.getByRole('region', { name: 'Request of this capture' });

/** Pastes a curl command with a key and a body, connects, and ends the stream. */
async function sendChat(page: Page): Promise<void> {
  await pasteInto(
    urlField(page),
    `curl '${stream.url}' -H 'Authorization: Bearer ${secret}' -H 'Content-Type: application/json' -H 'X-Trace: on' -d '${body}'`,
  );
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await answer(page, 1);
}

/** Answers the newest request, once that many came. */
async function answer(page: Page, requests: number): Promise<void> {
  await expect.poll(() => stream.requests.length).toBe(requests);
  await stream.send({ hello: requests });
  await stream.end();
  await expect(captures(page)).toHaveCount(requests);
  await stateIs(page, 'Ended');
}

test('a capture shows its own request, whatever the draft says, and sends it again with one key', async ({
  page,
}) => {
  await sendChat(page);
  await urlField(page).fill('http://127.0.0.1:9/another');
  const line = requestLine(page);
  await expect(line).toContainText('POST');
  await expect(line).toContainText(stream.url);
  await expect(line).toContainText('Raw client');
  await expect(line).toContainText('7 headers');
  await expect(line).toContainText(`body ${body.length} B`);
  await expect(line).toContainText('"model":"small"');

  await page.keyboard.press('F9');
  await answer(page, 2);
  const [first, second] = stream.requests;
  expect(second).toEqual(first);
  expect(second?.headers.authorization).toBe(`Bearer ${secret}`);
  await expect(urlField(page)).toHaveValue('http://127.0.0.1:9/another');
  // The key never came back to the window.
  expect(await page.content()).not.toContain(secret);
});

test('a request is edited without the defaults of its client, and asks for no secret that is held', async ({
  page,
}) => {
  await sendChat(page);
  await page.getByRole('button', { name: 'Draft', exact: true }).click();
  await page.getByRole('menuitem', { name: 'New request' }).click();
  await expect(urlField(page)).toHaveValue('');
  await requestLine(page).getByRole('button', { name: 'Edit and send' }).click();
  await expect(urlField(page)).toHaveValue(stream.url);
  await page.getByRole('button', { name: /^Headers 3 · Body/ }).click();
  await expect(page.getByLabel('Value of header 1')).toHaveValue('Bearer [redacted]');
  await page.getByLabel('Body', { exact: true }).fill(body.replace('small', 'large'));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await answer(page, 2);
  expect(stream.requests[1]).toMatchObject({
    headers: { authorization: `Bearer ${secret}`, 'x-trace': 'on' },
    body: body.replace('small', 'large'),
  });
});

test('after a restart a request is sent again where it has no secret, and asked for where it has one', async ({
  app,
}) => {
  await sendChat(app.page);
  await pasteInto(urlField(app.page), `curl '${stream.url}?plain'`);
  await app.page.getByRole('button', { name: 'Connect', exact: true }).click();
  await answer(app.page, 2);
  await app.restart();
  await captures(app.page).filter({ hasText: '?plain' }).click();
  await app.page.keyboard.press('F9');
  await answer(app.page, 3);
  expect(stream.requests[2]).toEqual(stream.requests[1]);

  await captures(app.page).filter({ hasText: 'POST' }).click();
  await expect(requestLine(app.page)).toContainText('POST');
  await app.page.keyboard.press('F9');
  await expect(app.page.getByText('Fill in what was not stored: Authorization.')).toBeVisible();
  expect(stream.requests).toHaveLength(3);
  await app.page.getByRole('button', { name: /^Headers 2 · Body/ }).click();
  await app.page.getByLabel('Value of header 1').fill(`Bearer ${secret}`);
  await app.page.keyboard.press('Escape');
  await app.page.getByRole('button', { name: 'Connect', exact: true }).click();
  await answer(app.page, 4);
  expect(stream.requests[3]).toEqual(stream.requests[0]);
});

test('a secret does not travel to another server until that is confirmed', async ({ page }) => {
  const other = await WrittenStream.start();
  await sendChat(page);
  await urlField(page).fill(other.url);
  const editor = page.getByRole('button', { name: /^Headers/ });
  await expect(editor).toContainText('1 held back');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText(/^Sent without Authorization/)).toBeVisible();
  await other.send({ hello: 1 });
  await other.end();
  await stateIs(page, 'Ended');
  expect(other.requests[0]).toMatchObject({ body, headers: { 'x-trace': 'on' } });
  expect(other.requests[0]?.headers.authorization).toBeUndefined();

  await editor.click();
  await expect(page.getByLabel('Value of header 1')).toHaveValue(`Bearer ${secret}`);
  await page.getByRole('button', { name: /^Send Authorization to 127\.0\.0\.1/ }).click();
  await page.keyboard.press('Escape');
  await expect(editor).not.toContainText('held back');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect.poll(() => other.requests.length).toBe(2);
  expect(other.requests[1]?.headers.authorization).toBe(`Bearer ${secret}`);
  await other.stop();
});

test('a pasted curl command is taken back in one step', async ({ page }) => {
  await urlField(page).fill('http://127.0.0.1:9/mine');
  await pasteInto(urlField(page), `curl -X PUT '${stream.url}' -H 'X-Trace: on'`);
  await expect(urlField(page)).toHaveValue(stream.url);
  await expect(page.getByLabel('Method')).toHaveValue('PUT');
  await urlField(page).press('Control+z');
  await expect(urlField(page)).toHaveValue('http://127.0.0.1:9/mine');
  await expect(page.getByLabel('Method')).toHaveValue('GET');
  await expect(page.getByRole('button', { name: 'Headers', exact: true })).toBeVisible();
});

test('a restart brings the draft back whole, its secrets excepted', async ({ app }) => {
  await pasteInto(
    urlField(app.page),
    `curl '${stream.url}' -H 'Authorization: Bearer ${secret}' -H 'X-Trace: on' -d '${body}'`,
  );
  await expect(app.page.getByRole('button', { name: /^Headers 3 · Body/ })).toBeVisible();
  await expect.poll(async () => (await app.call('preferences.get', {})).draft.headers.length).toBe(3);
  await app.restart();
  const { page } = app;
  await expect(urlField(page)).toHaveValue(stream.url);
  await expect(page.getByLabel('Method')).toHaveValue('POST');
  await page.getByRole('button', { name: /^Headers 3 · Body/ }).click();
  await expect(page.getByLabel('Value of header 1')).toHaveValue('Bearer [redacted]');
  await expect(page.getByLabel('Value of header 2')).toHaveValue('on');
  await expect(page.getByLabel('Body', { exact: true })).toHaveValue(body);
  expect(await readFile(join(app.dataFolder, 'preferences.json'), 'utf8')).not.toContain(secret);
});

test('a fetch() call that was copied from developer tools is taken over and sent', async ({ page }) => {
  const call = `fetch("${stream.url}?copied", {
  "headers": { "accept": "*/*", "content-type": "application/json" },
  "body": ${JSON.stringify(body)},
  "method": "POST",
  "mode": "cors",
  "credentials": "include"
});`;
  await pasteInto(urlField(page), call);
  await expect(urlField(page)).toHaveValue(`${stream.url}?copied`);
  await expect(page.getByText(/cookies are not in it/)).toBeVisible();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await answer(page, 1);
  expect(stream.requests[0]).toMatchObject({
    method: 'POST',
    url: '/stream?copied',
    headers: { accept: '*/*', 'content-type': 'application/json' },
    body,
  });
});
