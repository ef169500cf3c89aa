import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Serving } from '../../../src/main/serve/serve.ts';
import { type ServeUnderTest, startServeUnderTest } from './serve-under-test.ts';

let serving: Serving;
let underTest: ServeUnderTest;

beforeAll(async () => {
  underTest = await startServeUnderTest({
    // Short, so that the tests are fast.
    timeouts: {
      headersTimeout: 700,
      requestTimeout: 1000,
      keepAliveTimeout: 700,
      connectionsCheckingInterval: 50,
    },
  });
  ({ serving } = underTest);
});

afterAll(() => underTest.close());

const authority = () => new URL(serving.origin).host;
const token = () => new URL(serving.address).hash.slice('#token='.length);

/** Also settles on a reset, which a client gets if it still sends to a closed connection. */
function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

describe('a client that does not complete its request is disconnected', () => {
  test.each([
    ['that sends nothing', ''],
    ['that sends half a head', 'GET / HTTP/1.1\r\nHost: '],
    [
      'that sends half a body',
      'POST /api/call/captures.list HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 9\r\nAuthorization: Bearer TOKEN\r\n\r\n{',
    ],
    ['that sends nothing after an answer', 'GET / HTTP/1.1\r\nHost: HOST\r\n\r\n'],
  ])('%s', async (_, text) => {
    const socket = connect(Number(new URL(serving.origin).port), '127.0.0.1');
    socket.write(text.replace('HOST', authority()).replace('TOKEN', token()));
    socket.resume();
    await closed(socket);
  });

  test('that sends single bytes', async () => {
    const socket = connect(Number(new URL(serving.origin).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nX-A: ');
    const drip = setInterval(() => socket.write('a'), 20);
    socket.resume();
    await closed(socket);
    clearInterval(drip);
  });

  test('while an event stream that is older than every timeout continues', async () => {
    const abort = new AbortController();
    const stream = await fetch(`${serving.origin}/api/events`, {
      headers: { authorization: `Bearer ${token()}` },
      signal: abort.signal,
    });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('retry:');
    // The timeout ends each of these, so the stream has lasted longer than it.
    for (let n = 0; n < 3; n++) {
      const socket = connect(Number(new URL(serving.origin).port), '127.0.0.1');
      socket.resume();
      await closed(socket);
    }
    serving.host.emit({ kind: 'notice', level: 'info', message: 'still there' });
    let text = '';
    while (!text.includes('still there')) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) break;
      text += value;
    }
    expect(text).toContain('still there');
    abort.abort();
  });
});
