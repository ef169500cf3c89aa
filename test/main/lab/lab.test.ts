import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Refusal } from '../../../src/contract/refusal.ts';
import { startLab } from '../../../src/main/lab/lab.ts';
import { entry, labUnderTest } from './lab-under-test.ts';

/** Sends a GET with exactly these header fields; `fetch` cannot set the Host. */
async function get(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

test('rung 1 sends five events as an uncached event stream', async () => {
  const { origin } = await labUnderTest();
  const response = await fetch(`${origin}/stages/endpoint?delay=0`);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(await response.text()).toBe([1, 2, 3, 4, 5].map((n) => `id: ${n}\ndata: hello world\n\n`).join(''));
});

test('logs each yield under the client’s request id, before it is written', async () => {
  const { origin, log } = await labUnderTest();
  await (await fetch(`${origin}/stages/endpoint?delay=0&request=mine`)).text();
  const kinds = log.entries('mine').map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'yield')).toHaveLength(5);
  expect(kinds.filter((kind) => kind === 'written')).toHaveLength(5);
  expect(kinds[0]).toBe('request');
  expect(kinds.indexOf('yield')).toBeLessThan(kinds.indexOf('written'));
  expect(log.entries('mine').every(({ contextId }) => contextId === 'mine')).toBe(true);
});

test('each event arrives before the next is yielded', async () => {
  const { origin, log } = await labUnderTest();
  const response = await fetch(`${origin}/stages/endpoint?delay=5&request=live`);
  const yielded: number[] = [];
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    if (decoder.decode(chunk).includes('hello')) {
      yielded.push(log.entries('live').filter(({ kind }) => kind === 'yield').length);
    }
  }
  expect(yielded).toEqual([1, 2, 3, 4, 5]);
});

test('a request with another Host is rejected, so DNS rebinding reads nothing', async () => {
  const { origin, log } = await labUnderTest();
  const { port } = new URL(origin);
  for (const host of [`evil.example:${port}`, 'evil.example', `localhost:${port}`, `127.0.0.1`]) {
    const { status, body } = await get(`${origin}/stages/endpoint`, { host });
    expect([host, status]).toEqual([host, 403]);
    expect(body).not.toContain('hello');
  }
  expect(log.entries().map((entry) => entry.kind === 'answered' && entry.status)).toEqual([
    403, 403, 403, 403,
  ]);
});

test('pages of other origins are rejected, except allowed ones', async () => {
  const started = await labUnderTest();
  const url = `${started.origin}/stages/endpoint?delay=0`;
  expect((await get(url, { origin: 'http://page.example' })).status).toBe(403);
  expect((await get(url, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const forbid = started.allowOrigin('http://page.example');
  expect((await get(url, { origin: 'http://page.example' })).status).toBe(200);
  forbid();
  expect((await get(url, { origin: 'http://page.example' })).status).toBe(403);
});

test('an invalid query is rejected with a message that names the allowed parameters', async () => {
  const { origin } = await labUnderTest();
  const wrong = await get(`${origin}/stages/endpoint?delay=soon&brake=buffer`, {
    host: new URL(origin).host,
  });
  expect(wrong.status).toBe(400);
  expect(wrong.body).toContain('delay must be a whole number from 0 to 60000');
  expect(wrong.body).toContain('unknown: brake');
});

test('an invalid port and a port in use are rejected with their number', async () => {
  const { origin } = await labUnderTest();
  const port = Number(new URL(origin).port);
  const refused = await startLab({ port }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refusal);
  expect(String(refused)).toContain(`port ${port} on 127.0.0.1 is in use`);
  await expect(startLab({ port: 70_000 })).rejects.toThrow('Invalid port 70000');
});

test('closing ends open streams with a comment and frees the port', async () => {
  const started = await startLab();
  const response = await fetch(`${started.origin}/stages/endpoint?delay=60000&request=open`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('hello world');
  await started.close();
  expect((await reader?.read())?.value).toBe(': the lab is closing\n\n');
  expect((await reader?.read())?.done).toBe(true);
  expect(started.counts()).toEqual({ sockets: 0, streams: 0, calls: 0 });
  expect(started.log.entries('open').at(-1)).toMatchObject({ kind: 'close', reason: 'shutdown' });
  const port = Number(new URL(started.origin).port);
  const again = createServer();
  await new Promise<void>((resolve) => again.listen(port, '127.0.0.1', resolve));
  await new Promise((resolve) => again.close(resolve));
});

describe('closing ends within two seconds', () => {
  test.each([
    ['a client does not read', ''],
    ['a client does not read and the server writes without waiting', '&break=ignore-backpressure'],
  ])(
    'while %s',
    async (_, query) => {
      const started = await startLab();
      const { port, host } = new URL(started.origin);
      const socket = connect(Number(port), '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      // Paused from the start: the kernel's buffers fill, then the server's.
      socket.pause();
      socket.on('error', () => {});
      const path = `/stages/context?size=131072&delay=0&count=400&request=deaf${query}`;
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
      await entry(
        started,
        ({ requestId, kind }) => requestId === 'deaf' && (kind === 'wait' || kind === 'finally'),
      );
      const began = performance.now();
      await started.close();
      // Two seconds, plus what a busy machine adds. Without a deadline closing would never end.
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(started.counts()).toEqual({ sockets: 0, streams: 0, calls: 0 });
      expect(started.log.entries('deaf').at(-1)).toMatchObject({ kind: 'close' });
    },
    40_000,
  );

  test('while a client has sent half a request', async () => {
    const started = await startLab();
    const { port } = new URL(started.origin);
    const socket = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.write('GET /stages/context HTTP/1.1\r\nhost: ');
    await expect.poll(() => started.counts().sockets).toBe(1);
    await started.close();
    expect(started.counts().sockets).toBe(0);
  });
});

test('a client that goes away ends the generator at once', async () => {
  const started = await labUnderTest();
  const abort = new AbortController();
  const response = await fetch(`${started.origin}/stages/endpoint?delay=60000&request=gone`, {
    signal: abort.signal,
  });
  await response.body?.getReader().read();
  abort.abort();
  await entry(started, (each) => each.requestId === 'gone' && each.kind === 'close');
  const kinds = started.log.entries('gone').map(({ kind }) => kind);
  expect(kinds.slice(-3)).toEqual(['client-gone', 'finally', 'close']);
  expect(started.counts().streams).toBe(0);
});
