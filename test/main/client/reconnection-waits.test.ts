import { beforeEach, expect, test, vi } from 'vitest';
import { EVENT_STREAM, serveHttp } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

/** ms that the clock of this file is ahead of the real one: a wait takes no time, and advances the clock. */
let ahead = 0;

vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number, _value: undefined, { signal }: { signal: AbortSignal }) => {
    ahead += ms;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  },
}));

beforeEach(() => {
  const now = performance.now.bind(performance);
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
  return () => spy.mockRestore();
});

test('the raw client waits as long as the server requests, and not less than the minimum', async () => {
  const answers = ['retry: 200000\ndata: 1\n\n', 'retry: 0\ndata: 2\n\n'];
  const origin = await serveHttp((_request, response) => {
    const body = answers.shift();
    if (body === undefined) response.writeHead(204).end();
    else response.writeHead(200, EVENT_STREAM).end(body);
  });
  const stream = new OpenedStream({ url: origin, reconnect: true });
  await stream.end;
  const [first, second] = stream.notes('reconnect');
  expect([first?.fields['delay'], second?.fields['delay']]).toEqual([200_000, 50]);
  const [one, two] = stream.responses;
  expect((two?.at ?? 0) - (one?.at ?? 0)).toBeGreaterThanOrEqual(200_000);
});

test('the eventsource client reconnects no more often than the raw client if the server sends “retry: 0”', async () => {
  const origin = await serveHttp((_request, response) =>
    response.writeHead(200, EVENT_STREAM).end('retry: 0\n\n'),
  );
  const stream = new OpenedStream({ url: origin, client: 'eventsource', reconnect: true });
  await stream.until(() => stream.notes('reconnect').length === 8);
  const waits = stream.notes('reconnect').map(({ fields }) => Number(fields['delay']));
  // Twice as long each time, half of it by chance.
  const least = waits.map((_, at) => 50 * 2 ** Math.max(0, at - 1));
  expect(waits.filter((wait, at) => wait < (least[at] ?? 0))).toEqual([]);
  expect((await stream.abort()).reason).toBe('aborted');
});
