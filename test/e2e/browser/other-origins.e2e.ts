import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from '@playwright/test';
import { launchChromium, systemChromium } from '../fixture/browser-host.ts';
import { expect, test, type Served } from '../fixture/served-page.ts';

/** A page of another origin, in the same browser as the user's. */
let elsewhere: Server;
let visits: string[];
test.beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>elsewhere</title>');
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
});
test.beforeEach(() => {
  visits = [];
});
test.afterAll(() => {
  elsewhere.close();
  elsewhere.closeAllConnections();
});
const urlElsewhere = (): string => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;

let browser: Browser;
test.beforeAll(async () => {
  if (systemChromium() !== null) browser = await launchChromium();
});
test.afterAll(() => browser?.close());

/** The other page, while the user has the application open. */
async function strangersPage(served: Served): Promise<Page> {
  const context = await browser.newContext();
  const own = await context.newPage();
  await own.goto(served.address);
  await expect(own.getByRole('button', { name: 'Connect', exact: true })).toBeVisible();
  const page = await context.newPage();
  await page.goto(urlElsewhere());
  return page;
}

/** The attack: making the host open an address, which would appear in its captures and at that address. */
function wish(): string {
  return JSON.stringify({ url: `${urlElsewhere()}/wished`, client: 'raw' });
}

async function nothingWasDone(served: Served): Promise<void> {
  expect(await served.call('captures.list', {})).toEqual([]);
  expect(visits).not.toContain('/wished');
}

test('a page of another origin gets no response by fetch, in any mode, even with the token', async ({
  served,
}) => {
  const page = await strangersPage(served);
  const answers = await page.evaluate(
    async ({ origin, token, body }) => {
      const read: string[] = [];
      const attempt = async (name: string, path: string, init: RequestInit): Promise<void> => {
        try {
          const response = await fetch(origin + path, init);
          const text = await response.text();
          if (response.type !== 'opaque' || text !== '') read.push(`${name}: ${response.status} ${text}`);
        } catch {
          // Refused, as expected.
        }
      };
      const json = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      await attempt('simple GET', '/', {});
      await attempt('no-cors GET', '/', { mode: 'no-cors' });
      await attempt('GET with the token', '/api/events', { headers: { authorization: `Bearer ${token}` } });
      for (const mode of ['cors', 'no-cors'] as const) {
        await attempt(`simple POST, ${mode}`, '/api/call/stream.connect', { method: 'POST', mode, body });
        await attempt(`POST with credentials, ${mode}`, '/api/call/stream.connect', {
          method: 'POST',
          mode,
          credentials: 'include',
          body,
        });
      }
      await attempt('POST with the token', '/api/call/stream.connect', {
        method: 'POST',
        headers: json,
        body,
      });
      await attempt('no-cors POST with the token', '/api/call/stream.connect', {
        method: 'POST',
        mode: 'no-cors',
        headers: json,
        body,
      });
      navigator.sendBeacon(`${origin}/api/call/stream.connect`, body);
      return read;
    },
    { origin: served.origin, token: served.token, body: wish() },
  );
  expect(answers).toEqual([]);
  await nothingWasDone(served);
});

test('a page of another origin gets nothing by EventSource, WebSocket, script, style, image or worker', async ({
  served,
}) => {
  const page = await strangersPage(served);
  const loaded = await page.evaluate(async (origin) => {
    const outcome = (target: EventTarget, good: string): Promise<boolean> =>
      new Promise((resolve) => {
        target.addEventListener(good, () => resolve(true));
        target.addEventListener('error', () => resolve(false));
      });
    const element = (name: 'script' | 'link' | 'img', set: Record<string, string>): Promise<boolean> => {
      const made = Object.assign(document.createElement(name), set);
      const done = outcome(made, 'load');
      document.body.append(made);
      return done;
    };
    const index = await fetch(origin).catch(() => null);
    const found: Record<string, boolean> = {
      fetch: index !== null,
      EventSource: await outcome(new EventSource(`${origin}/api/events`), 'open'),
      WebSocket: await outcome(new WebSocket(`${origin.replace('http', 'ws')}/api/events`), 'open'),
      script: await element('script', { src: `${origin}/api/call/captures.list` }),
      page: await element('script', { src: `${origin}/index.html` }),
      style: await element('link', { rel: 'stylesheet', href: `${origin}/index.html` }),
      image: await element('img', { src: `${origin}/api/events` }),
    };
    return Object.entries(found).flatMap(([name, did]) => (did ? [name] : []));
  }, served.origin);
  expect(loaded).toEqual([]);
  await nothingWasDone(served);
});

test('a page of another origin cannot send a form, frame the page, or access a window of it', async ({
  served,
}) => {
  const page = await strangersPage(served);
  const { origin } = served;

  const answer = page.waitForResponse(`${origin}/api/call/stream.connect`);
  const arrived = page.waitForURL(`${origin}/**`);
  await page.evaluate(
    ({ origin, body }) => {
      const form = Object.assign(document.createElement('form'), {
        method: 'post',
        action: `${origin}/api/call/stream.connect`,
        enctype: 'text/plain',
      });
      // With the equals sign in a string the text of the form is JSON.
      const field = Object.assign(document.createElement('input'), {
        name: `${body.slice(0, -1)},"x":"`,
        value: '"}',
      });
      form.append(field);
      document.body.append(form);
      form.submit();
    },
    { origin, body: wish() },
  );
  expect((await answer).status()).toBe(403);
  await arrived;
  await page.goto(urlElsewhere());

  await page.evaluate(async (origin) => {
    const frame = Object.assign(document.createElement('iframe'), { src: `${origin}/` });
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  }, origin);
  const [, frame] = page.frames();
  expect(await frame?.evaluate(() => document.body?.innerText ?? '').catch(() => '')).not.toContain(
    'Connect',
  );

  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.evaluate((address) => Object.assign(globalThis, { opened: window.open(address) }), `${origin}/`),
  ]);
  await popup.waitForLoadState();
  // Cross-Origin-Opener-Policy disconnects the opener: for it, the window looks closed.
  await expect
    .poll(() => page.evaluate(() => (Reflect.get(globalThis, 'opened') as Window).closed))
    .toBe(true);
  const reached = await page.evaluate(() => {
    try {
      return (Reflect.get(globalThis, 'opened') as Window).document.title;
    } catch {
      return 'refused';
    }
  });
  expect(['refused', '']).toContain(reached);
  expect(await popup.evaluate(() => window.opener === null)).toBe(true);
  await nothingWasDone(served);
});

test('a rebound DNS name reads nothing', async ({ served }) => {
  const rebound = await launchChromium({ args: ['--host-resolver-rules=MAP evil.test 127.0.0.1'] });
  try {
    const page = await rebound.newPage();
    const first = await page.goto(`http://evil.test:${served.port}/#token=${served.token}`);
    expect(first?.status()).toBe(403);
    expect(await page.content()).not.toContain('assets/');
    // For the browser this is the same origin, so it does not prevent the request.
    const answers = await page.evaluate(
      async ({ token, body }) => {
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
        const statuses = [(await fetch('/api/events', { headers })).status];
        for (const name of ['captures.list', 'stream.connect']) {
          const response = await fetch(`/api/call/${name}`, { method: 'POST', headers, body });
          statuses.push(response.status);
        }
        return statuses;
      },
      { token: served.token, body: wish() },
    );
    expect(answers).toEqual([403, 403, 403]);
  } finally {
    await rebound.close();
  }
  await nothingWasDone(served);
});
