import { chromium } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'vite';
import { afterEach, expect, test } from 'vitest';
import { findChromium } from '../../../src/main/browser/chromium-browser.ts';
import { startStarter } from './starter-under-test.ts';

const program = findChromium(process.env);
if (program === null) console.log('the React component of the starters is not tested: there is no Chromium');

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Serves the build on another origin than the server. */
async function serveFolder(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html';
    readFile(join(folder, pathname === '/' ? 'index.html' : pathname)).then(
      (bytes) => response.writeHead(200, { 'Content-Type': type }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.skipIf(program === null)(
  'the React component shows what EventSource and fetch() receive, and errors',
  async () => {
    const { folder, origin } = await startStarter('fastify');
    const client = join(folder, 'client');
    await build({ root: client, configFile: join(client, 'vite.config.ts'), logLevel: 'error' });
    const pages = await serveFolder(join(client, 'dist'));
    const browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] });
    closing.push(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`${pages}/?url=${encodeURIComponent(`${origin}/rung/2?delay=20`)}`);
    for (const api of ['EventSource', 'fetch()']) {
      await page.getByRole('heading', { name: `${api}: over` }).waitFor();
      const items = page.getByRole('region', { name: api }).getByRole('listitem');
      expect(await items.allInnerTexts()).toEqual(Array.from({ length: 5 }, () => 'hello world'));
    }
    await page.goto(`${pages}/?url=${encodeURIComponent(`${origin}/no-such-rung`)}`);
    for (const api of ['EventSource', 'fetch()'])
      await page.getByRole('heading', { name: `${api}: failed` }).waitFor();
  },
  60_000,
);
