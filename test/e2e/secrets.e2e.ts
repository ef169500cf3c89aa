import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type App } from './fixture/app.ts';
import { chooseExport, exportNames, showTab, stateIs, type ExportName } from './fixture/window.ts';
import { WrittenStream } from './fixture/written-stream.ts';

const secrets = {
  bearer: 'sk-bearer-4f1c9a7d2b',
  cookie: 'session-8d2e61b0f7',
  key: 'key-in-header-93b1',
  query: 'key-in-query-77c2',
  setCookie: 'set-by-server-15aa',
};

let stream: WrittenStream;
test.beforeEach(async () => {
  stream = await WrittenStream.start({ 'set-cookie': `sid=${secrets.setCookie}; Path=/` });
});
test.afterEach(() => stream.stop());

test('secrets reach the server, but not the window, the disk or an export', async ({ app, page }) => {
  await connectWithSecrets(app);
  const [request] = stream.requests;
  expect(request?.headers).toMatchObject({
    authorization: `Bearer ${secrets.bearer}`,
    'x-api-key': secrets.key,
  });
  expect(request?.url).toContain(secrets.query);

  await showTab(page, 'Exchange');
  await expect(page.getByText('[redacted]').first()).toBeVisible();
  const shown = await page.locator('main').innerText();
  expect(found(shown)).toEqual([]);

  expect(found(await everyFile(app.dataFolder))).toEqual([]);
  // Secrets that were not stored are missing even when the export includes secrets.
  for (const withSecrets of [false, true]) expect(found(await everyExport(app, withSecrets))).toEqual([]);
});

test('stored secrets are exported only if the user includes them in that export', async ({ app, page }) => {
  await page.getByRole('button', { name: /^Headers/ }).click();
  await page.getByLabel('Store secrets').check();
  await page.keyboard.press('Escape');
  await connectWithSecrets(app);

  expect(found(await everyExport(app, false))).toEqual([]);
  const given = await exported(app, 'ssecap', true);
  expect(found(given).toSorted()).toEqual(Object.values(secrets).toSorted());
  expect(found(await exported(app, 'curl', true))).toContain(secrets.bearer);
  // Only for one export, not for the next.
  expect(found(await exported(app, 'ssecap', false))).toEqual([]);
});

async function connectWithSecrets({ page }: App): Promise<void> {
  const headers = [
    `Authorization: Bearer ${secrets.bearer}`,
    `Cookie: a=${secrets.cookie}`,
    `x-api-key: ${secrets.key}`,
  ];
  const command = `curl ${headers.map((header) => `-H '${header}'`).join(' ')} '${stream.url}?api_key=${secrets.query}'`;
  // Pasting a command does not change the options.
  await page.getByLabel('URL of the stream').evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', text);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, command);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await stream.send({ hello: 'world' });
  await stream.end();
  await stateIs(page, 'Ended');
}

/** The secrets that a text contains. */
function found(text: string): string[] {
  return Object.values(secrets).filter((secret) => text.includes(secret));
}

async function exported(app: App, format: ExportName, withSecrets: boolean): Promise<string> {
  return readFile(await app.save(() => chooseExport(app.page, format, withSecrets)), 'utf8');
}

async function everyExport(app: App, withSecrets: boolean): Promise<string> {
  let all = '';
  for (const format of Object.keys(exportNames) as ExportName[])
    all += await exported(app, format, withSecrets);
  return all;
}

/** All files of the application, except those of Chromium. */
async function everyFile(folder: string): Promise<string> {
  const kept = ['captures', 'preferences.json', 'window.json'];
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  const ours = paths.filter((path) => kept.some((name) => path.startsWith(join(folder, name))));
  if (!ours.some((path) => path.startsWith(join(folder, 'captures'))))
    throw new Error(`no capture in ${folder}`);
  return (await Promise.all(ours.map((path) => readFile(path, 'latin1')))).join('\n');
}
