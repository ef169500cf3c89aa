import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServe, type Serving } from '../../../src/main/serve/serve.ts';
import { type ServeUnderTest, startServeUnderTest } from './serve-under-test.ts';

let folder: string;
let serving: Serving;
let underTest: ServeUnderTest;

beforeAll(async () => {
  underTest = await startServeUnderTest();
  ({ folder, serving } = underTest);
});

afterAll(() => underTest.close());

const authority = () => new URL(serving.origin).host;
const token = () => new URL(serving.address).hash.slice('#token='.length);

/** Sends a raw request, and returns the beginning of the response. */
async function send(head: readonly string[], body = ''): Promise<string> {
  const socket = connect(Number(new URL(serving.origin).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return bytes.toString();
}

describe('what needs the token of this run', () => {
  test.each([
    ['plainly', '/api/call/captures.list'],
    ['with an escaped letter', '/%61pi/call/captures.list'],
    ['in absolute form', 'http://HOST/api/call/captures.list'],
    ['in absolute form of another host', 'http://evil.test/api/call/captures.list'],
  ])('is refused without it, asked for %s', async (_, target) => {
    const line = `POST ${target.replace('HOST', authority())} HTTP/1.1`;
    const answer = await send([line, `Host: ${authority()}`, 'Content-Type: application/json'], '{}');
    expect(answer).toMatch(/^HTTP\/1\.1 40[014]/);
    expect(answer).not.toContain('"ok"');
  });

  test.each([['/api/events'], ['/%61pi/events'], ['/api/%65vents'], ['http://x/api/events']])(
    'is refused without it: the event stream at %s',
    async (target) => {
      const answer = await send([`GET ${target} HTTP/1.1`, `Host: ${authority()}`]);
      expect(answer).toMatch(/^HTTP\/1\.1 40[14]/);
      expect(answer).not.toContain('text/event-stream');
    },
  );

  test('works with it', async () => {
    const answer = await fetch(`${serving.origin}/api/call/captures.list`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token()}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await answer.json()).toEqual({ ok: true, value: [] });
  });
});

describe('a request', () => {
  test.each([
    ['with a rebound name', 'GET / HTTP/1.1', 'Host: evil.test'],
    ['with a dot after the name', 'GET / HTTP/1.1', 'Host: 127.0.0.1.:PORT'],
    ['with the IPv6 address', 'GET / HTTP/1.1', 'Host: [::1]:PORT'],
    ['without a host', 'GET / HTTP/1.0', 'X-Nothing: 1'],
    ['for options', 'OPTIONS /api/call/captures.list HTTP/1.1', 'Host: evil.test'],
    ['for a head', 'HEAD / HTTP/1.1', 'Host: evil.test'],
    [
      'to upgrade',
      'GET /api/events HTTP/1.1',
      'Host: evil.test\r\nConnection: Upgrade\r\nUpgrade: websocket',
    ],
  ])('%s reads nothing', async (_, line, host) => {
    const answer = await send([line, host.replace('PORT', new URL(serving.origin).port)]);
    expect(answer).toMatch(/^HTTP\/1\.1 403/);
    expect(answer).not.toContain('the page');
    expect(answer).not.toContain('access-control-allow-origin');
  });
});

test('an address that is not a path is not found', async () => {
  expect(await send(['GET //:bad HTTP/1.1', `Host: ${authority()}`])).toMatch(/^HTTP\/1\.1 404/);
});

test('a HEAD request does not use up a download', async () => {
  const call = async (name: string, params: unknown): Promise<{ value: Record<string, string> }> => {
    const answer = await fetch(`${serving.origin}/api/call/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token()}`, 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    return (await answer.json()) as { value: Record<string, string> };
  };
  const text = 'data: hello\n\n';
  const { value: begun } = await call('import.begin', { fileName: 'a.sse', size: text.length });
  await call('import.append', { upload: begun['upload'], base64: Buffer.from(text).toString('base64') });
  const { value: read } = await call('import.finish', { upload: begun['upload'] });
  const capture = read['captures']?.[0];
  const { value: offered } = await call('capture.export', { capture, format: 'sse' });
  const address = `${serving.origin}${offered['path']}`;
  await fetch(address, { method: 'HEAD' });
  expect(await (await fetch(address)).text()).toBe(text);
  expect((await fetch(address)).status).toBe(403);
});

test('closing does not wait for clients that do not read or have sent half a request', async () => {
  const other = await startServe({
    capturesFolder: join(folder, 'others'),
    preferencesFile: join(folder, 'others.json'),
    version: '0',
    pageFolder: join(folder, 'page'),
  });
  const { host: authority, port } = new URL(other.origin);
  const key = new URL(other.address).hash.slice('#token='.length);
  const deaf = connect(Number(port), '127.0.0.1');
  const half = connect(Number(port), '127.0.0.1');
  deaf.on('error', () => {});
  half.on('error', () => {});
  half.write('GET / HTTP/1.1\r\nHost: ');
  deaf.write(`GET /api/events HTTP/1.1\r\nHost: ${authority}\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  await once(deaf, 'data');
  deaf.pause();
  // More than fits into the buffers of both sockets.
  const message = 'x'.repeat(100_000);
  for (let n = 0; n < 300; n++) other.host.emit({ kind: 'notice', level: 'info', message });
  const began = performance.now();
  await other.close();
  expect(performance.now() - began).toBeLessThan(2500);
  deaf.destroy();
  half.destroy();
});
