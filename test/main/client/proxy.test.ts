import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Deferred } from '../../../src/core/deferred.ts';
import { proxyFor } from '../../../src/main/client/proxy.ts';
import { EVENT_STREAM, serveAnswers, serveHttp, serveHttps } from './local-servers.ts';
import { containing } from './containing.ts';
import { OpenedStream } from './opened-stream.ts';

const chosen = (url: string, environment: Record<string, string>): string | null =>
  proxyFor(new URL(url), environment)?.url.href ?? null;

describe('the proxy from the environment', () => {
  const both = { HTTP_PROXY: 'http://plain:1', https_proxy: 'secure:2' };

  test('is chosen by scheme, in upper or lower case, with or without a scheme in its address', () => {
    expect(chosen('http://x.example', both)).toBe('http://plain:1/');
    expect(chosen('https://x.example', both)).toBe('http://secure:2/');
    expect(chosen('https://x.example', { HTTP_PROXY: 'http://plain:1' })).toBe(null);
    expect(chosen('https://x.example', { ALL_PROXY: 'http://any:3' })).toBe('http://any:3/');
    expect(chosen('http://x.example', { http_proxy: 'http://lower:1', HTTP_PROXY: 'http://upper:1' })).toBe(
      'http://lower:1/',
    );
  });

  test.each(['localhost', 'a.localhost', '127.0.0.1', '127.8.8.8', '[::1]'])('is not used for %s', (host) => {
    expect(chosen(`http://${host}/`, both)).toBe(null);
  });

  test.each([
    ['x.example', true],
    ['.x.example', true],
    ['*.x.example', true],
    ['other, X.Example', true],
    ['example', true],
    ['x.example:80', true],
    ['x.example:81', false],
    ['ample', false],
    ['*', true],
    ['', false],
  ])('is left out by NO_PROXY=%s: %s', (noProxy, isLeftOut) => {
    expect(chosen('http://x.example/', { ...both, NO_PROXY: noProxy }) === null).toBe(isLeftOut);
  });

  test('that is not supported is an error', async () => {
    for (const HTTP_PROXY of ['socks5://x:1', 'http://[']) {
      const stream = new OpenedStream({ url: 'http://upstream.test/' }, { environment: { HTTP_PROXY } });
      expect(await stream.end).toMatchObject({ reason: 'error', error: { code: 'BAD_PROXY' } });
    }
  });
});

describe('through a proxy', () => {
  test("plain HTTP is requested in absolute form, with the proxy's credentials", async () => {
    let head = '';
    const proxy = await serveAnswers((socket, received) => {
      head = received;
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n');
    });
    const environment = { http_proxy: proxy.replace('//', '//user:pa%3Ass@') };
    const stream = new OpenedStream(
      { url: 'http://upstream.test:8080/a?b', headers: [['X-A', '1']] },
      { environment },
    );
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe('data: 1\n\n');
    expect(head).toMatch(/^GET http:\/\/upstream\.test:8080\/a\?b HTTP\/1\.1\r\n/);
    expect(head).toContain('\r\nhost: upstream.test:8080\r\n');
    expect(head).toContain(`Proxy-Authorization: Basic ${Buffer.from('user:pa:ss').toString('base64')}\r\n`);
    expect(stream.notes('phase').map(({ fields }) => fields['phase'])).toEqual([
      'connect',
      'request-sent',
      'first-byte',
    ]);
  });

  test('HTTPS goes through a tunnel, and the proxy sees no header', async () => {
    const upstream = await serveHttps((_request, response) =>
      response.writeHead(200, EVENT_STREAM).end('data: 1\n\n'),
    );
    let head = '';
    const proxy = await serveAnswers((socket, received) => {
      head = received;
      const onward: Socket = connect(Number(new URL(upstream).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
    });
    const environment = { https_proxy: proxy };
    const stream = new OpenedStream(
      { url: 'https://upstream.test/', insecure: true, headers: [['Authorization', 'x']] },
      { environment },
    );
    expect(await stream.end).toMatchObject({ reason: 'complete' });
    expect(stream.text).toBe('data: 1\n\n');
    expect(head).toMatch(/^CONNECT upstream\.test:443 HTTP\/1\.1\r\n/);
    expect(head).not.toContain('Authorization');
  });

  test.each([
    [407, 'requires a user name and password'],
    [403, 'responded with 403'],
  ])('a tunnel refused with %i is an error that says so', async (status, why) => {
    const proxy = await serveHttp(() => undefined);
    const refusing = await serveAnswers((socket) =>
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`),
    );
    const stream = new OpenedStream(
      { url: 'https://upstream.test/' },
      { environment: { http_proxy: proxy, https_proxy: refusing } },
    );
    expect(await stream.end).toMatchObject({
      reason: 'error',
      error: { code: 'PROXY_REFUSED', message: containing(why) },
    });
  });

  test('an abort while the tunnel is opened ends it at once', async () => {
    const asked = new Deferred<void>();
    const proxy = await serveAnswers(() => asked.resolve());
    const stream = new OpenedStream(
      { url: 'https://upstream.test/' },
      { environment: { https_proxy: proxy } },
    );
    await asked.promise;
    expect((await stream.abort()).reason).toBe('aborted');
  });

  test('an unreachable proxy is named in the message', async () => {
    const stream = new OpenedStream(
      { url: 'http://upstream.test/' },
      { environment: { http_proxy: 'http://127.0.0.1:1' } },
    );
    expect(await stream.end).toMatchObject({
      error: { code: 'PROXY_UNREACHABLE', message: containing('127.0.0.1:1') },
    });
  });
});
