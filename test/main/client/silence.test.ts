import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Deferred } from '../../../src/core/deferred.ts';
import { EVENT_STREAM, serveHttp } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

// In its own file: undici uses one timer for all its timeouts, which must not be started with real time.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterAll(() => {
  vi.useRealTimers();
});

/** A server that reports its request, and lets the test write the response. */
async function serveByHand(): Promise<{ origin: string; asked: Promise<ServerResponse> }> {
  const asked = new Deferred<ServerResponse>();
  const origin = await serveHttp((_request, response) => asked.resolve(response));
  return { origin, asked: asked.promise };
}

test('an hour of silence, before the headers and in the body, ends nothing', async () => {
  const { origin, asked } = await serveByHand();
  const stream = new OpenedStream({ url: origin });
  const answer = await asked;
  vi.advanceTimersByTime(3_600_000);
  answer.writeHead(200, EVENT_STREAM).write('data: 1\n\n');
  await stream.until(() => stream.chunks.length === 1);
  vi.advanceTimersByTime(3_600_000);
  answer.end('data: 2\n\n');
  expect((await stream.end).reason).toBe('complete');
  expect(stream.text).toBe('data: 1\n\ndata: 2\n\n');
});

test('an idle timeout ends the stream before the headers', async () => {
  const { origin, asked } = await serveByHand();
  const stream = new OpenedStream({ url: origin, idleTimeout: 60 });
  await asked;
  vi.advanceTimersByTime(60);
  expect(await stream.end).toMatchObject({ reason: 'timeout', error: { code: 'IDLE_TIMEOUT' } });
});

test('an idle timeout ends the stream in the body, and keeps what was received', async () => {
  const { origin, asked } = await serveByHand();
  const stream = new OpenedStream({ url: origin, idleTimeout: 60 });
  (await asked).writeHead(200, EVENT_STREAM).write('data: 1\n\n');
  await stream.until(() => stream.chunks.length === 1);
  vi.advanceTimersByTime(60);
  expect((await stream.end).reason).toBe('timeout');
  expect(stream.text).toBe('data: 1\n\n');
});

test('steady bytes prevent the idle timeout', async () => {
  const { origin, asked } = await serveByHand();
  const stream = new OpenedStream({ url: origin, idleTimeout: 150 });
  const answer = (await asked).writeHead(200, EVENT_STREAM);
  for (let n = 1; n <= 10; n++) {
    answer.write(`data: ${n}\n\n`);
    await stream.until(() => stream.chunks.length === n);
    vi.advanceTimersByTime(100);
  }
  answer.end();
  expect((await stream.end).reason).toBe('complete');
  expect(stream.chunks).toHaveLength(10);
});

test('a slow sink does not count as silence of the server', async () => {
  const origin = await serveHttp((_request, response) =>
    response.writeHead(200, EVENT_STREAM).end('x'.repeat(1e6)),
  );
  const gate = new Deferred<void>();
  const stream = new OpenedStream({ url: origin, idleTimeout: 50 }, {}, (record) =>
    record.kind === 'chunk' ? gate.promise : undefined,
  );
  await stream.until(() => stream.chunks.length > 0);
  vi.advanceTimersByTime(1000);
  gate.resolve();
  expect((await stream.end).reason).toBe('complete');
  expect(stream.text).toHaveLength(1e6);
});
