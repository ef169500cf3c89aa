import { describe, expect, test } from 'vitest';
import { redirectOf } from '../../../src/main/client/redirect.ts';
import { parseStreamRequest } from '../../../src/main/client/stream-request.ts';
import { EVENT_STREAM, serveHttp } from './local-servers.ts';
import { containing } from './containing.ts';
import { OpenedStream } from './opened-stream.ts';

const request = parseStreamRequest({
  client: 'raw',
  url: 'https://a.example/start#part',
  method: 'POST',
  body: '{}',
  headers: [
    ['Authorization', 'Bearer secret'],
    ['Cookie', 'a=1'],
    ['Proxy-Authorization', 'Basic x'],
    ['X-Api-Key', 'k'],
    ['api-key', 'k'],
    ['X-Goog-Api-Key', 'k'],
    ['X-Auth-Token', 'k'],
    ['X-Functions-Key', 'k'],
    ['Host', 'a.example'],
    ['X-Other', 'kept'],
  ],
});

const to = (location: string, status = 302) => redirectOf(request, status, [['Location', location]], 0);
const followed = (location: string, status = 302) => {
  const decision = to(location, status);
  if (decision.kind !== 'follow') throw new Error(`not followed: ${decision.kind}`);
  return decision;
};
const namesAt = (location: string, status = 307): string[] =>
  followed(location, status).request.headers.map(([name]) => name);

const methodAfter = (method: string, status: number): unknown => {
  const decision = redirectOf({ ...request, method }, status, [['location', '/next']], 0);
  return decision.kind === 'follow' && decision.request.method;
};

describe('a redirect', () => {
  test.each([
    [301, 'GET', null],
    [302, 'GET', null],
    [303, 'GET', null],
    [307, 'POST', '{}'],
    [308, 'POST', '{}'],
  ])('with %i turns a POST into a %s with the body %j', (status, method, body) => {
    expect(followed('/next', status).request).toMatchObject({ method, body });
    expect(namesAt('/next', status).includes('Content-Type')).toBe(body !== null);
  });

  test('with 301 and 302 keeps a PUT, and with 303 a HEAD', () => {
    expect([
      methodAfter('PUT', 301),
      methodAfter('PUT', 302),
      methodAfter('HEAD', 303),
      methodAfter('PUT', 303),
    ]).toEqual(['PUT', 'PUT', 'HEAD', 'GET']);
  });

  test('within the origin keeps every header; to another origin drops secrets and Host', () => {
    expect(namesAt('/next')).toEqual(request.headers.map(([name]) => name));
    expect(followed('/next').credentialsDropped).toBe(false);
    for (const other of [
      'https://b.example/',
      'http://a.example/',
      'https://a.example:8443/',
      '//b.example',
    ]) {
      expect(namesAt(other)).toEqual([
        'Accept',
        'Cache-Control',
        'Accept-Encoding',
        'User-Agent',
        'Content-Type',
        'X-Other',
      ]);
      expect(followed(other).credentialsDropped).toBe(true);
    }
  });

  test('keeps the fragment unless it has its own, and reads UTF-8', () => {
    expect(followed('/next').request.url.href).toBe('https://a.example/next#part');
    expect(followed('/next#own').request.url.href).toBe('https://a.example/next#own');
    expect(followed(Buffer.from('/é').toString('latin1')).request.url.pathname).toBe('/%C3%A9');
  });

  test('with credentials in its URL sends them as a header, and not in the URL', () => {
    const { request: next } = followed('https://user:p%40ss@b.example/');
    expect(next.url.href).toBe('https://b.example/#part');
    expect(next.headers).toContainEqual([
      'Authorization',
      `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    ]);
  });

  test.each(['ftp://a.example/', 'file:///etc/passwd', 'data:text/plain,x', 'javascript:1'])(
    'to %s is refused',
    (location) => {
      expect(to(location)).toMatchObject({ kind: 'refuse', error: { code: 'REDIRECT_SCHEME' } });
    },
  );

  test('to an invalid URL is refused', () => {
    expect(to('http://[')).toMatchObject({ kind: 'refuse', error: { code: 'REDIRECT_INVALID' } });
  });

  test('needs a Location and a redirect status', () => {
    expect(redirectOf(request, 302, [], 0)).toEqual({ kind: 'none' });
    for (const status of [200, 300, 304, 305, 306, 401])
      expect(to('/next', status)).toEqual({ kind: 'none' });
  });
});

describe('the raw client', () => {
  test('follows across origins, notes each step, and sends no credentials to the other origin', async () => {
    const seen: unknown[] = [];
    const other = await serveHttp((incoming, response) => {
      seen.push(incoming.headers.authorization, incoming.headers.cookie, incoming.headers['x-other']);
      response.writeHead(200, EVENT_STREAM).end('data: 1\n\n');
    });
    const origin = await serveHttp((incoming, response) => {
      seen.push(incoming.headers.authorization);
      response
        .writeHead(307, { location: incoming.url === '/start' ? '/second' : `${other}/end` })
        .end('moved');
    });
    const headers: [string, string][] = [
      ['Authorization', 'Bearer secret'],
      ['Cookie', 'a=1'],
      ['X-Other', 'kept'],
    ];
    const stream = new OpenedStream({ url: `${origin}/start`, headers });
    expect((await stream.end).reason).toBe('complete');
    expect(seen).toEqual(['Bearer secret', 'Bearer secret', undefined, undefined, 'kept']);
    expect(stream.notes('redirect').map(({ fields }) => fields)).toMatchObject([
      { status: 307, from: `${origin}/start`, to: `${origin}/second`, credentialsDropped: false },
      { status: 307, from: `${origin}/second`, to: `${other}/end`, credentialsDropped: true },
    ]);
    expect(stream.notes('redirect')[0]?.fields['headers']).toContainEqual([
      'location',
      `${origin}/second`.replace(origin, ''),
    ]);
    expect(stream.responses).toMatchObject([{ status: 200, url: `${other}/end` }]);
    expect(stream.text).toBe('data: 1\n\n');
  });

  test('ends a loop after twenty redirects, and names its URLs', async () => {
    let requests = 0;
    const origin = await serveHttp((incoming, response) => {
      requests += 1;
      response.writeHead(302, { location: incoming.url === '/a' ? '/b' : '/a' }).end();
    });
    const stream = new OpenedStream({ url: `${origin}/a` });
    const end = await stream.end;
    expect(end).toMatchObject({
      reason: 'error',
      error: { code: 'TOO_MANY_REDIRECTS', message: containing('/a') },
    });
    expect(requests).toBe(21);
    expect(stream.notes('redirect')).toHaveLength(20);
  });

  test('does not follow to ftp, and records the response', async () => {
    const origin = await serveHttp((_incoming, response) =>
      response.writeHead(302, { location: 'ftp://x.example/' }).end(),
    );
    const stream = new OpenedStream({ url: origin });
    expect(await stream.end).toMatchObject({ reason: 'error', error: { code: 'REDIRECT_SCHEME' } });
    expect(stream.responses).toMatchObject([{ status: 302 }]);
  });
});
