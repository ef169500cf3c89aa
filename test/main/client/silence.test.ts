import type { ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { Deferred } from '../../../src/main/client/deferred.ts';
import { EVENT_STREAM, serveHttp } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

// Alone in its file: undici keeps one timer for all its time-outs, and it must not have been started with real time.
test('an hour of silence, before the headers and in the body, ends nothing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  try {
    let answer: ServerResponse | undefined;
    const asked = new Deferred<void>();
    const origin = await serveHttp((_request, response) => {
      answer = response;
      asked.resolve();
    });
    const stream = new OpenedStream({ url: origin });
    await asked.promise;
    vi.advanceTimersByTime(3_600_000);
    answer?.writeHead(200, EVENT_STREAM).write('data: 1\n\n');
    await stream.until(() => stream.chunks.length === 1);
    vi.advanceTimersByTime(3_600_000);
    answer?.end('data: 2\n\n');
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe('data: 1\n\ndata: 2\n\n');
  } finally {
    vi.useRealTimers();
  }
});
