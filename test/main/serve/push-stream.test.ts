import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CaptureId } from '../../../src/contract/capture-id.ts';
import { PushStream } from '../../../src/main/serve/push-stream.ts';

let push: PushStream;
let server: Server;

beforeEach(async () => {
  push = new PushStream(20);
  server = createServer((request, response) =>
    push.open(response, request.headers['last-event-id']?.toString()),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  push.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A reader that uses a third-party parser. */
async function read(headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo;
  const request = get({ host: '127.0.0.1', port, headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const events: EventSourceMessage[] = [];
  const comments: string[] = [];
  let waiting: { readonly done: () => boolean; readonly resolve: () => void } | null = null;
  const check = () => {
    if (waiting?.done() !== true) return;
    waiting.resolve();
    waiting = null;
  };
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onComment: (text) => comments.push(text),
  });
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  // Readers are disconnected at the end of a test.
  response.on('error', () => undefined);
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    parser.feed(text);
    check();
  });
  const until = (done: () => boolean) =>
    new Promise<void>((resolve) => {
      waiting = { done, resolve };
      check();
    });
  return { response, events, comments, until, closed, request };
}

const notice = (message: string) => ({ kind: 'notice', level: 'info', message }) as const;

describe('PushStream', () => {
  test('sends numbered events that another parser reads', async () => {
    const reader = await read();
    push.send(notice('one\ntwo'));
    push.send(notice('three'));
    await reader.until(() => reader.events.length === 2);
    expect(reader.response.headers['content-type']).toBe('text/event-stream');
    expect(reader.events.map((event) => [event.id, JSON.parse(event.data)])).toEqual([
      ['1', notice('one\ntwo')],
      ['2', notice('three')],
    ]);
  });

  test('keeps a silent stream alive with comments', async () => {
    const reader = await read();
    await reader.until(() => reader.comments.length >= 2);
    expect(reader.comments[0]).toContain('heartbeat');
  });

  test('sends a reader that reconnects what it missed', async () => {
    for (const n of [1, 2, 3, 4]) push.send(notice(String(n)));
    const reader = await read({ 'last-event-id': '2' });
    await reader.until(() => reader.events.length === 2);
    expect(reader.events.map((event) => event.id)).toEqual(['3', '4']);
  });

  test.each([['9'], ['not a number'], ['-1'], ['1e3']])(
    'resets a reader with the unknown Last-Event-ID %s',
    async (id) => {
      push.send(notice('1'));
      const reader = await read({ 'last-event-id': id });
      await reader.until(() => reader.events.length === 1);
      expect(reader.events[0]).toMatchObject({ event: 'reset', id: '1' });
    },
  );

  test('resets a reader that was disconnected too long', async () => {
    for (let n = 0; n < 300; n++) push.send(notice(String(n)));
    const reader = await read({ 'last-event-id': '5' });
    await reader.until(() => reader.events.length === 1);
    expect(reader.events[0]).toMatchObject({ event: 'reset', id: '300' });
  });

  test('forgets a reader that disconnected', async () => {
    const reader = await read();
    expect(push.readers).toBe(1);
    reader.request.destroy();
    await expect.poll(() => push.readers).toBe(0);
  });

  test('keeps only the newest summary of each capture for a reader that does not read', async () => {
    const reader = await read();
    reader.response.pause();
    const summary = (n: number) =>
      ({
        kind: 'captures',
        changed: [{ id: 'aaaa', bytes: n, name: 'x'.repeat(50_000) }],
      }) as unknown as Parameters<typeof push.send>[0];
    for (let n = 1; n <= 400; n++) push.send(summary(n));
    reader.response.resume();
    const last = () => reader.events.at(-1);
    await reader.until(
      () => last() !== undefined && JSON.parse(last()?.data ?? '{}').changed?.[0]?.bytes === 400,
    );
    expect(reader.events.length).toBeLessThan(400);
  });

  test('does not restore a capture that was deleted while the reader did not read', async () => {
    const reader = await read();
    reader.response.pause();
    const changed = (id: string, size: number) =>
      ({ kind: 'captures', changed: [{ id, name: 'x'.repeat(size) }] }) as unknown as Parameters<
        typeof push.send
      >[0];
    for (let n = 0; n < 100; n++) push.send(changed('kept', 200_000));
    push.send(changed('gone', 10));
    push.send({ kind: 'removed', captures: ['gone' as CaptureId] });
    reader.response.resume();
    await reader.until(() => reader.events.some(({ data }) => data.includes('"removed"')));
    push.send(notice('the end'));
    await reader.until(() => reader.events.some(({ data }) => data.includes('the end')));
    const kinds = reader.events
      .filter(({ data }) => data.includes('"gone"'))
      .map(({ data }) => JSON.parse(data).kind);
    expect(kinds).toEqual(['captures', 'removed']);
  });

  test('disconnects a reader that has stopped reading, instead of queueing all events for it', async () => {
    const reader = await read();
    reader.response.pause();
    for (let n = 0; n < 20_000 && push.readers > 0; n++) push.send(notice('x'.repeat(2000)));
    expect(push.readers).toBe(0);
    reader.response.resume();
    await reader.closed;
  });

  test('sends an end event when the host ends', async () => {
    const reader = await read();
    push.close();
    await reader.closed;
    expect(reader.events.at(-1)).toMatchObject({ event: 'end' });
  });
});

test('events before the first reader are sent to that reader only', async () => {
  push.send({ kind: 'captures', changed: [] });
  push.send(notice('opened before the page was'));
  const first = await read();
  await first.until(() => first.events.length > 0);
  push.send(notice('news'));
  await first.until(() => first.events.length > 1);
  expect(first.events.map((event) => JSON.parse(event.data) as unknown)).toEqual([
    notice('opened before the page was'),
    notice('news'),
  ]);
  const second = await read();
  push.send(notice('more'));
  await second.until(() => second.events.length > 0);
  expect(second.events.map((event) => JSON.parse(event.data) as unknown)).toEqual([notice('more')]);
});
