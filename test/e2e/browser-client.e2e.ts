import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixture/app.ts';
import { chooseExport, connectTo, stateIs, tabCount } from './fixture/window.ts';

let server: Server;
let url: string;
/** fetch()'s and EventSource's. */
let responses: ServerResponse[];
test.beforeEach(async () => {
  responses = [];
  server = createServer((request, response) => {
    const cors = request.url === '/closed' ? {} : { 'access-control-allow-origin': '*' };
    response.writeHead(200, { 'content-type': 'text/event-stream', ...cors }).flushHeaders();
    responses.push(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

test('any URL is opened in a page of a browser: shown live, stopped and exported', async ({ app, page }) => {
  await page.getByLabel('Client', { exact: true }).selectOption({ label: 'Browser' });
  await connectTo(page, `${url}/open`);
  await expect.poll(() => responses.length).toBe(2);
  for (const response of responses) response.write('data: {"n":1}\n\ndata: {"n":2}\n\n');
  await stateIs(page, 'Streaming');
  await expect.poll(() => tabCount(page, 'Events')).toBe(2);

  const closed = Promise.all(responses.map((response) => once(response, 'close')));
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await stateIs(page, 'Stopped');
  await closed;
  expect(await tabCount(page, 'Events')).toBe(2);
  const saved = await readFile(await app.save(() => chooseExport(page, 'sse')), 'utf8');
  expect(saved).toBe('data: {"n":1}\n\ndata: {"n":2}\n\n');
});

test('a refusal by the browser is shown with the reason', async ({ page }) => {
  await page.getByLabel('Client', { exact: true }).selectOption({ label: 'Browser' });
  await connectTo(page, `${url}/closed`);
  await stateIs(page, 'Failed');
  await expect(page.getByText(/does not allow this page’s origin/).first()).toBeVisible();
});
