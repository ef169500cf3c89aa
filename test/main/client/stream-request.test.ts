import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectParams } from '../../../src/contract/connect-params.ts';
import { Refusal } from '../../../src/contract/refusal.ts';
import { parseStreamRequest } from '../../../src/main/client/stream-request.ts';
import { serveHttp } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

const parse = (params: Partial<ConnectParams>) =>
  parseStreamRequest({ client: 'raw', url: 'http://x.example/', ...params });

function codeOf(params: Partial<ConnectParams>): string {
  try {
    parse(params);
    return 'accepted';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe('a URL', () => {
  test.each([
    ['localhost:3000/x', 'http://localhost:3000/x'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080/'],
    ['example.com/a:b', 'https://example.com/a:b'],
    ['example.com:80?x', 'http://example.com/?x'],
    ['//example.com/', 'https://example.com/'],
    ['[::1]:9/', 'http://[::1]:9/'],
    [' https://example.com/ä ', 'https://example.com/%C3%A4'],
    ['HTTP://EXAMPLE.com', 'http://example.com/'],
  ])('%s is read as %s', (given, url) => {
    expect(parse({ url: given }).url.href).toBe(url);
  });

  test.each([
    '',
    '   ',
    'ftp://x/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:,x',
    'http://',
    'http://[',
    'http://x:99999/',
    'http://x:0/',
    'mailto:a@b',
  ])('"%s" is refused', (url) => {
    expect(codeOf({ url })).toBe('bad-url');
  });

  test('with credentials sends them as a header and not in the URL', () => {
    const { url, headers } = parse({ url: 'http://us%C3%A9r:p%3A%@x.example/' });
    expect(url.href).toBe('http://x.example/');
    const encoded = Buffer.from('usér:p%3A%').toString('base64');
    expect(headers).toContainEqual(['Authorization', `Basic ${encoded}`]);
  });
});

describe('headers', () => {
  test("have defaults, which the user's replace, and an empty value removes", () => {
    const headers = parse({
      headers: [
        ['accept', 'text/plain'],
        ['ACCEPT-ENCODING', ''],
        ['User-Agent', ' '],
        ['X-Empty', ''],
      ],
    }).headers;
    expect(headers).toEqual([
      ['Cache-Control', 'no-store'],
      ['accept', 'text/plain'],
      ['X-Empty', ''],
    ]);
  });

  test.each([
    ['a b', 'x'],
    ['', 'x'],
    ['X:', 'x'],
    ['é', 'x'],
    ['X-A', 'a\r\nX-B: c'],
    ['X-A', 'a\0'],
    ['X-A', 'a\u0007'],
    ['X-A', '\u{1f600}'],
    ['Transfer-Encoding', 'chunked'],
    ['Upgrade', 'websocket'],
    ['Expect', '100-continue'],
    ['Content-Length', '5'],
    ['Connection', 'upgrade'],
    ['Host', 'a/b'],
  ])('%j: %j is refused', (name, value) => {
    expect(codeOf({ headers: [[name, value]] })).toBe('bad-header');
  });

  test('that frame the message are accepted if they are correct', () => {
    expect(
      codeOf({
        body: 'é',
        headers: [
          ['Content-Length', '2'],
          ['Connection', 'close'],
          ['Host', 'y:1'],
        ],
      }),
    ).toBe('accepted');
    expect(
      codeOf({
        headers: [
          ['Host', 'a'],
          ['host', 'b'],
        ],
      }),
    ).toBe('bad-header');
  });

  test('that are accepted reach the server unchanged', async () => {
    const seen: (string | undefined)[] = [];
    const origin = await serveHttp((request, response) => {
      seen.push(request.headers['x-any'] as string | undefined);
      response.end();
    });
    await assert(
      asyncProperty(string({ unit: 'binary', maxLength: 12 }), async (value) => {
        const headers: [string, string][] = [['X-Any', value]];
        if (codeOf({ headers }) !== 'accepted') return;
        expect((await new OpenedStream({ url: origin, headers }).end).reason).toBe('complete');
        expect(seen.at(-1)).toBe(value.replace(/^[\t ]+|[\t ]+$/g, ''));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a method', () => {
  test.each([
    [{}, 'GET'],
    [{ body: 'x' }, 'POST'],
    [{ body: '' }, 'POST'],
    [{ method: 'post' }, 'POST'],
    [{ method: 'patch' }, 'patch'],
    [{ method: 'QUERY', body: 'x' }, 'QUERY'],
  ])('of %j is %s', (params, method) => {
    expect(parse(params).method).toBe(method);
  });

  test.each(['', 'G T', 'GET\r\n', 'CONNECT', 'é'])('%j is refused', (method) => {
    expect(codeOf({ method })).toBe(method === 'GET\r\n' ? 'accepted' : 'bad-request');
  });
});

test('a body that is JSON is sent as JSON, any other as text', () => {
  expect(parse({ body: '{"a":1}' }).headers).toContainEqual(['Content-Type', 'application/json']);
  expect(parse({ body: 'a=1' }).headers).toContainEqual(['Content-Type', 'text/plain;charset=UTF-8']);
  expect(parse({ body: '{}', headers: [['content-type', 'x/y']] }).headers).toContainEqual([
    'content-type',
    'x/y',
  ]);
});

test('an idle timeout too long for a timer does not fire at once', () => {
  expect(parseStreamRequest({ url: 'http://a/', client: 'raw', idleTimeout: 1e12 }).idleTimeout).toBe(
    2 ** 31 - 1,
  );
});
