import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium, startServe, systemChromium } from '../fixture/browser-host.ts';
import { BreakableProxy } from '../fixture/breakable-proxy.ts';
import { expect, servedBy, test } from '../fixture/served-page.ts';
import { captures, columnTexts, connectTo, stateIs, tabCount } from '../fixture/window.ts';
import { WrittenStream } from '../fixture/written-stream.ts';

/** A long silence, read while the other tests run. */
let silence: { heard: Promise<{ type: string | null; text: string }>; end: () => Promise<void> } | null =
  null;
test.beforeAll(async () => {
  if (systemChromium() === null) return;
  const folder = await mkdtemp(join(tmpdir(), 'sse-inspector-e2e-'));
  const [server, browser] = await Promise.all([startServe(folder), launchChromium()]);
  const page = await browser.newPage();
  await page.goto(server.address);
  // The page's own stream is read by a library: this is a second one, read as bytes.
  const heard = page.evaluate(async (token) => {
    const response = await fetch('/api/events', { headers: { authorization: `Bearer ${token}` } });
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes(': heartbeat')) {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      if (done) break;
      text += new TextDecoder().decode(value);
    }
    await reader?.cancel();
    return { type: response.headers.get('content-type'), text };
  }, servedBy(server, folder).token);
  heard.catch(() => undefined);
  const end = async (): Promise<void> => {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  silence = { heard, end };
});
test.afterAll(() => silence?.end());

test('a page that loses its connection says so, reconnects with Last-Event-ID, and has missed nothing', async ({
  served,
}) => {
  const proxy = await BreakableProxy.start('/api/events');
  const stream = await WrittenStream.start();
  const browser = await launchChromium({ proxy: { server: proxy.address, bypass: '<-loopback>' } });
  const page = await browser.newPage();
  await page.goto(served.address);
  await connectTo(page, stream.url);
  await stream.send({ n: 1 });
  await expect.poll(() => tabCount(page, 'Events')).toBe(1);

  proxy.break();
  await expect(page.getByText('No connection to the application')).toBeVisible();
  // The host continues recording.
  await stream.send({ n: 2 }, { n: 3 });
  await stream.end();
  proxy.mend();
  await expect(page.getByText('No connection to the application')).toBeHidden();
  await stateIs(page, 'Ended');
  expect(await tabCount(page, 'Events')).toBe(3);
  await expect.poll(() => columnTexts(page, '#')).toEqual(['0', '1', '2']);
  expect(proxy.seen[0]).not.toHaveProperty('last-event-id');
  expect(proxy.seen.at(-1)?.['last-event-id']).toMatch(/^\d+$/);
  await browser.close();
  await stream.stop();
  await proxy.stop();
});

test('a page notices that the host ends or is killed, and continues with a new host', async ({ served }) => {
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(served.address);
  const stream = await WrittenStream.start();
  await connectTo(page, stream.url);
  await stream.send({ n: 1 });
  await expect.poll(() => tabCount(page, 'Events')).toBe(1);

  const killed = new Promise((resolve) => served.child.once('exit', resolve));
  served.child.kill('SIGKILL');
  await killed;
  await expect(page.getByText('No connection to the application')).toBeVisible();
  await stream.stop();

  // The same port and the same data, but another run: the old token is invalid.
  const next = servedBy(await startServe(served.dataFolder, [], served.port), served.dataFolder);
  expect(next.token).not.toBe(served.token);
  const old = await fetch(`${next.origin}/api/events`, {
    headers: { authorization: `Bearer ${served.token}` },
  });
  expect(old.status).toBe(401);
  await page.goto(next.address);
  await page.reload();
  await captures(page).first().click();
  await stateIs(page, 'Cut off');
  await expect(page.getByText('recording stopped').first()).toBeVisible();
  await expect.poll(() => tabCount(page, 'Events')).toBe(1);
  await expect(page.getByText('No connection to the application')).toBeHidden();

  await next.stop();
  expect(next.child.exitCode).toBe(0);
  await expect(page.getByText('The application has been closed.')).toBeVisible();
  await browser.close();
});

test('a page receives the host’s heartbeat while nothing happens', async () => {
  test.skip(silence === null, 'no Chromium in the PATH (Debian: apt-get install chromium)');
  const heard = await silence?.heard;
  expect(heard?.type).toBe('text/event-stream');
  expect(heard?.text).toMatch(/^retry: \d+\n\n(?:id: .*\n.*\n\n)*: heartbeat\n\n/);
});
