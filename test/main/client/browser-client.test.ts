import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { findChromium } from '../../../src/main/browser/chromium-browser.ts';
import { EVENT_STREAM, serveHttp } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

const program = findChromium(process.env);
if (program === null) console.log('no Chromium on this machine: the tests of client `browser` are skipped');

const anyOrigin = { 'access-control-allow-origin': '*' };

function openInBrowser(url: string, params: Partial<ConstructorParameters<typeof OpenedStream>[0]> = {}) {
  return new OpenedStream({ ...params, url, client: 'browser' });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The texts of the log. */
function logOf(stream: OpenedStream): string {
  return stream
    .notes('log')
    .map(({ fields }) => JSON.stringify(fields['text']))
    .join('\n');
}

/** A server whose streams, fetch()'s and EventSource's, stay open. */
function openStreams(): { readonly responses: ServerResponse[]; readonly listener: RequestListener } {
  const responses: ServerResponse[] = [];
  const listener: RequestListener = (_request, response) => {
    response.writeHead(200, { ...EVENT_STREAM, ...anyOrigin, 'x-hidden': 'secret' });
    response.flushHeaders();
    responses.push(response);
  };
  return { responses, listener };
}

describe.skipIf(program === null)('client `browser`', { timeout: 60_000 }, () => {
  test('records what fetch() reads while the stream runs, byte for byte, and notes what EventSource does', async () => {
    const { responses, listener } = openStreams();
    const stream = openInBrowser(await serveHttp(listener));
    await stream.until(() => stream.responses.length === 1 && logOf(stream).includes('EventSource: open'));
    for (const response of responses) response.write('data: één\r\n\r\n');
    await stream.until(() => stream.text.endsWith('\r\n\r\n'));
    // The stream has not ended: the chunk was recorded live.
    for (const response of responses) response.end('event: tick\ndata: 2\n\n');
    expect(await stream.end).toMatchObject({ reason: 'complete' });

    expect(stream.text).toBe('data: één\r\n\r\nevent: tick\ndata: 2\n\n');
    expect(stream.chunks.map(({ read }) => read)).toEqual(stream.chunks.map((_, n) => n));
    for (const { wireBytes, bytes } of stream.chunks) expect(wireBytes).toBe(bytes.length);
    const times = stream.records.map(({ at }) => at ?? Number.NaN);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(stream.responses[0]).toMatchObject({ status: 200 });
    const names = stream.responses[0]?.headers.map(([name]) => name);
    expect(names).toContain('content-type');
    expect(names).not.toContain('x-hidden');
    expect(logOf(stream)).toMatch(/CORS hides most others/);
    expect(logOf(stream)).toMatch(/the server gets a second request/);
    expect(logOf(stream)).toMatch(/EventSource: event message, data of length 3/);
    expect(responses).toHaveLength(2);
  });

  test('a response without CORS is refused with a message that names the origin', async () => {
    const stream = openInBrowser(
      await serveHttp((_, response) => response.writeHead(200, EVENT_STREAM).end('data: 1\n\n')),
    );
    const end = await stream.end;
    expect(end).toMatchObject({ reason: 'error', error: { code: 'BROWSER_REFUSED' } });
    expect(end.error?.message).toMatch(
      /Failed to fetch: the response does not allow this page’s origin http:\/\/127\.0\.0\.1:\d+ \(no matching Access-Control-Allow-Origin\)\./,
    );
    expect(stream.chunks).toEqual([]);
    expect(logOf(stream)).toMatch(
      /EventSource: refused for good: the response does not allow the page’s origin/,
    );
  });

  test('distinguishes an unreachable server from a response without CORS', async () => {
    // A port without a server: it was free a moment ago.
    const url = `http://127.0.0.1:${await freePort()}`;
    const stream = openInBrowser(url);
    expect((await stream.end).error?.message).toMatch(/Failed to fetch: 127\.0\.0\.1:\d+ cannot be reached/);
  });

  test('POST reaches the server with its body and headers, and a note says that EventSource cannot send it', async () => {
    const got: { request: IncomingMessage; body: string }[] = [];
    const url = await serveHttp((request, response) => {
      let body = '';
      request.on('data', (piece) => (body += String(piece)));
      request.on('end', () => {
        got.push({ request, body });
        response.writeHead(200, {
          ...EVENT_STREAM,
          ...anyOrigin,
          'access-control-allow-headers': 'content-type, x-mine, authorization',
        });
        response.end(request.method === 'OPTIONS' ? '' : 'data: 1\n\n');
      });
    });
    const headers: [string, string][] = [
      ['X-Mine', 'yes'],
      ['Cookie', 'a=b'],
    ];
    const stream = openInBrowser(url, { method: 'POST', body: '{"é":1}', headers });
    expect(await stream.end).toMatchObject({ reason: 'complete' });
    expect(got.map(({ request }) => request.method)).toEqual(['OPTIONS', 'POST']);
    expect(got[1]).toMatchObject({
      body: '{"é":1}',
      request: { headers: { 'x-mine': 'yes', 'content-type': 'application/json' } },
    });
    expect(got[1]?.request.headers.cookie).toBeUndefined();
    expect(logOf(stream)).toMatch(/EventSource cannot send POST: it is not opened/);
    expect(logOf(stream)).toMatch(/does not let a page send Cookie/);
  });

  test('a refused preflight is named as a possible cause', async () => {
    const url = await serveHttp((_, response) => response.writeHead(405, anyOrigin).end());
    const stream = openInBrowser(url, { method: 'POST', body: '{}' });
    expect((await stream.end).error?.message).toMatch(/or the response to the preflight/);
  });

  test('stopping keeps what was received', async () => {
    const { responses, listener } = openStreams();
    const stream = openInBrowser(await serveHttp(listener));
    await stream.until(() => stream.responses.length === 1 && responses.length === 2);
    for (const response of responses) response.write('data: kept\n\n');
    await stream.until(() => stream.text !== '');
    expect(await stream.abort()).toMatchObject({ reason: 'aborted' });
    expect(stream.text).toBe('data: kept\n\n');
    expect(stream.notes('abort')).toHaveLength(1);
  });

  test('ends after the idle timeout', async () => {
    const { listener } = openStreams();
    const stream = openInBrowser(await serveHttp(listener), { idleTimeout: 300 });
    expect(await stream.end).toMatchObject({ reason: 'timeout' });
    expect(stream.responses).toHaveLength(1);
  });

  test('a wrong content type stops EventSource, with a note; fetch() still reads it', async () => {
    const url = await serveHttp((_, response) =>
      response.writeHead(200, { 'content-type': 'text/plain', ...anyOrigin }).end('data: 1\n\n'),
    );
    const stream = openInBrowser(url);
    expect(await stream.end).toMatchObject({ reason: 'complete' });
    expect(stream.text).toBe('data: 1\n\n');
    expect(logOf(stream)).toMatch(
      /refused for good: the content type \(MIME type\) is text\/plain, not text\/event-stream/,
    );
  });

  test('a redirect to another origin is not followed, and the error says which URL to open', async () => {
    const elsewhere = await serveHttp((_, response) =>
      response.writeHead(200, { ...EVENT_STREAM, ...anyOrigin }).end(),
    );
    const url = await serveHttp((_, response) =>
      response.writeHead(302, { location: elsewhere, ...anyOrigin }).end(),
    );
    const end = await openInBrowser(url).end;
    expect(end.error?.code).toBe('BROWSER_REFUSED');
    expect(end.error?.message).toMatch(/was redirected elsewhere: open the URL that it redirects to/);
  });

  test('a stream of 8 MB arrives completely with a slow sink', async () => {
    const line = `data: ${'x'.repeat(1000)}\n\n`;
    const url = await serveHttp((_, response) =>
      response.writeHead(200, { ...EVENT_STREAM, ...anyOrigin }).end(line.repeat(8000)),
    );
    const stream = new OpenedStream({ url, client: 'browser' }, {}, () => setImmediate());
    expect(await stream.end).toMatchObject({ reason: 'complete' });
    expect(stream.text).toBe(line.repeat(8000));
  });

  test('a lost connection is a premature close', async () => {
    const { responses, listener } = openStreams();
    const stream = openInBrowser(await serveHttp(listener));
    await stream.until(() => stream.responses.length === 1 && responses.length === 2);
    for (const response of responses) response.write('data: 1\n\n');
    await stream.until(() => stream.text !== '');
    for (const response of responses) response.destroy();
    expect(await stream.end).toMatchObject({
      reason: 'premature-close',
      error: { code: 'CONNECTION_CLOSED' },
    });
  });
});
