import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { ChromiumBrowser, findChromium } from '../../../src/main/browser/chromium-browser.ts';
import { servePage, type ServedPage } from '../../../src/main/browser/page-server.ts';
import { labUnderTest } from '../lab/lab-under-test.ts';
import { climb, failures, rung } from '../ladder/ladder-under-test.ts';

const program = findChromium(process.env);
if (program === null) console.log('no Chromium on this machine: the browser’s own tests are skipped');

describe.skipIf(program === null)('with a Chromium of this machine', () => {
  const browser = new ChromiumBrowser(program ?? '');

  test('a page receives the stream with EventSource and with fetch(), live', async () => {
    const lab = await labUnderTest();
    const result = await climb(lab, { browser, rungs: [2] });
    expect(failures(result)).toEqual([]);
    expect(rung(result, 2).state).toBe('passed');
    expect(rung(result, 2).timing?.arrivals).toHaveLength(5);
  }, 60_000);

  test.each(['no-cors', 'foreign-cors'] as const)(
    'with %s rung 2 fails, and shows the header',
    async (name) => {
      const lab = await labUnderTest();
      const result = await climb(lab, { browser, rungs: [1, 2, 3], break: name });
      expect(result.rungs.slice(0, 3).map(({ state }) => state)).toEqual(['passed', 'failed', 'skipped']);
      const cors = rung(result, 2).checks.find(({ name }) => name === 'cors-allows-the-page');
      expect(cors).toMatchObject({ passed: false, evidence: [{ points: [{ kind: 'header' }] }] });
    },
    60_000,
  );

  test('stopping it while the browser starts ends the browser', async () => {
    const lab = await labUnderTest();
    const stop = new AbortController();
    const started = performance.now();
    const result = await climb(lab, {
      browser,
      rungs: [2],
      signal: stop.signal,
      onProgress: () => queueMicrotask(() => stop.abort()),
    });
    expect(rung(result, 2)).toMatchObject({ state: 'skipped', reason: 'the ladder was stopped' });
    expect(performance.now() - started).toBeLessThan(10_000);
  }, 60_000);
});

test('a browser that cannot run is a failed check with the reason', async () => {
  const lab = await labUnderTest();
  const result = await climb(lab, { browser: new ChromiumBrowser(process.execPath), rungs: [2] });
  expect(failures(result).join()).toMatch(/can-be-climbed: .* ended with status \d+ before it reported/);
});

test('finds no browser if there is none', () => {
  expect(findChromium({ PATH: '/nowhere', CHROME_PATH: '/nowhere/chrome' })).toBeNull();
  expect(findChromium({ PATH: '', CHROME_PATH: process.execPath })).toBe(process.execPath);
});

describe('the page’s own server', () => {
  const pages: ServedPage[] = [];
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
  });
  async function open(): Promise<ServedPage> {
    const target = 'http://127.0.0.1:1/stages/browser';
    const page = await servePage({ eventSourceUrl: target, fetchUrl: target, events: 5, timeout: 10 });
    pages.push(page);
    return page;
  }
  test('serves nothing without the token, or to another host', async () => {
    const { origin, url } = await open();
    expect((await fetch(origin)).status).toBe(404);
    expect((await fetch(`${origin}/${'0'.repeat(32)}/task`)).status).toBe(404);
    expect(await statusOf(url, { host: 'evil.example' })).toBe(404);
    expect((await fetch(url)).status).toBe(200);
  });

  test('lets the page run only its own script, and connect only to its task', async () => {
    const { url } = await open();
    const policy = (await fetch(url)).headers.get('content-security-policy');
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; connect-src 'self' http://127.0.0.1:1; frame-ancestors 'none'",
    );
  });

  test('gives the task once, and a second request ends the run', async () => {
    const page = await open();
    const first = await fetch(`${page.url}task`);
    expect([first.status, await first.json()]).toMatchObject([200, { events: 5 }]);
    const second = await fetch(`${page.url}task`);
    expect([second.status, await second.text()]).toEqual([410, '']);
    await expect(page.report).rejects.toThrow('requested a second time');
  });

  test('accepts nothing from a page without a task', async () => {
    const page = await open();
    for (const name of ['observations', 'report']) {
      expect((await fetch(`${page.url}${name}`, { method: 'POST', body: '[]' })).status).toBe(404);
    }
    // The request has not ended the run either.
    expect((await fetch(`${page.url}task`)).status).toBe(200);
  });

  test('refuses an invalid report', async () => {
    const page = await open();
    await fetch(`${page.url}task`);
    const sent = await fetch(`${page.url}report`, { method: 'POST', body: '{"userAgent":1}' });
    expect(sent.status).toBe(400);
    await expect(page.report).rejects.toThrow('invalid');
  });

  test('refuses invalid observations', async () => {
    const page = await open();
    await fetch(`${page.url}task`);
    const sent = await fetch(`${page.url}observations`, { method: 'POST', body: '[{"kind":"chunk"}]' });
    expect(sent.status).toBe(400);
    await expect(page.report).rejects.toThrow('invalid');
  });
});

/** `fetch` cannot send another Host. */
function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
