import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chatEnd, deltas } from '../fixtures/capture-builder.ts';
import { heldCapture, pacedCapture } from '../fixtures/written-captures.ts';
import { expect, test, type App } from './fixture/app.ts';
import { captures, connectTo, openFiles, showTab, stateIs } from './fixture/window.ts';

/** Opens a capture from a file and shows its diagnosis. */
async function diagnose({ page, dataFolder }: App, name: string, file: string): Promise<void> {
  const path = join(dataFolder, name);
  await writeFile(path, file);
  await openFiles(page, path);
  await showTab(page, 'Diagnose');
}

test('a stream that was held back fails at rung 4, with evidence, possible causes and the next step', async ({
  app,
  page,
}) => {
  await diagnose(app, 'held.ssecap.ndjson', heldCapture(deltas(150).join('') + chatEnd, 3050));
  await expect(page.getByRole('heading', { name: 'It breaks at rung 4, Async' })).toBeVisible();
  const rungs = page.getByRole('list', { name: 'Rungs of this capture' }).getByRole('listitem');
  await expect(rungs).toHaveCount(7);
  await expect(rungs.nth(2)).toContainText('passed');
  await expect(rungs.nth(3)).toContainText('failed');
  await expect(rungs.nth(1)).toContainText('not judged');

  const card = page.getByRole('article', { name: 'Warning: response-buffered' });
  await expect(card).toContainText(
    '150 deltas came at once, 3.05 s after the request: 152 events in one chunk.',
  );
  await expect(card).toContainText('May be caused by');
  await expect(card).toContainText('What would decide');
  await card.getByRole('button', { name: 'chunk 0', exact: true }).click();
  await expect(page.getByRole('tab', { name: /^Chunks/ })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('heading', { name: 'Chunk 0', exact: true })).toBeVisible();
});

test('a healthy stream has no problems, and the view says what the capture cannot show', async ({
  app,
  page,
}) => {
  await diagnose(app, 'paced.ssecap.ndjson', pacedCapture([...deltas(40), chatEnd], 60, 20));
  await expect(page.getByRole('heading', { name: 'Nothing wrong' })).toBeVisible();
  await expect(page.getByText('This capture says nothing about 1 rung.')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(0);
  await expect(page.getByText('The body is complete, and the message is whole.')).toBeVisible();
});

test('the end of the transport and of the message are shown separately', async ({ app, page }) => {
  await diagnose(app, 'cut.ssecap.ndjson', pacedCapture(deltas(10), 60, 20));
  await expect(page.getByText('transport: complete')).toBeVisible();
  await expect(page.getByText('message: unfinished')).toBeVisible();
  await expect(page.getByRole('article', { name: 'Error: missing-terminal-event' })).toBeVisible();
});

test('each piece of evidence links to its subject: a header, bytes, the end', async ({ app, page }) => {
  const events = deltas(20);
  // The last event has no blank line, and one event has another line ending.
  const body = [...events.with(7, (events[7] ?? '').replace('\n\n', '\r\n\r\n')), 'data: {"cut":'];
  await diagnose(app, 'evidence.ssecap.ndjson', pacedCapture(body, 60, 20));
  const evidence = (text: string | RegExp) =>
    page.getByRole('list', { name: 'Evidence' }).getByRole('button', { name: text });

  const bytes = evidence(/^bytes? \d/).first();
  const [, start = ''] = /^bytes? (\d+)/.exec((await bytes.textContent()) ?? '') ?? [];
  await bytes.click();
  await expect(page.locator('.hex .b.lit').first()).toBeVisible();
  await expect(page.locator(`.hex [data-at="${start}"].lit`).first()).toBeVisible();
});

test('a stream that ended normally but has findings is marked in the list', async ({ app, page }) => {
  await diagnose(app, 'held.ssecap.ndjson', heldCapture(deltas(150).join('') + chatEnd, 3050));
  await expect(page.getByRole('status', { name: 'State: Ended with warnings' })).toBeVisible();
  await expect(captures(page).first().locator('.dot')).toHaveClass(/warn/);
  const card = page.getByRole('article', { name: 'Warning: response-buffered' });
  await card.getByRole('button', { name: 'server: nginx/1.22.1' }).click();
  await expect(page.getByRole('tab', { name: 'Exchange' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('.headers .marked')).toContainText('nginx/1.22.1');
});

test('a browser probe runs after the user has seen how many requests it sends', async ({ page }) => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1\n\ndata: 2\n\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await connectTo(page, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await stateIs(page, 'Ended');
  await showTab(page, 'Diagnose');
  const rung = page.getByRole('list', { name: 'Rungs of this capture' }).getByRole('listitem').nth(1);
  await rung.getByRole('button', { name: 'Send probe browser…' }).click();
  await expect(rung).toContainText(/It sends \d+ more requests/);
  expect(requests).toBe(1);
  await rung.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(rung).toContainText('failed');
  const found = page.getByRole('article', { name: 'Error: cors-missing' });
  await expect(found).toContainText('found by probe browser');
  // Its evidence is in the capture of the probe, so there are no links into this capture.
  await expect(found.getByRole('list', { name: 'Evidence' })).toBeVisible();
  await expect(found.getByRole('list', { name: 'Evidence' }).getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('tab', { name: 'Diagnose 1' })).toBeVisible();
  expect(requests).toBeGreaterThan(1);
  server.close();
});
