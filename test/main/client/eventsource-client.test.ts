import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { LibraryEvent } from '../../../src/main/client/client.ts';
import { EVENT_STREAM, httpChunk, serveAnswers, serveHttp } from './local-servers.ts';
import { containing } from './containing.ts';
import { OpenedStream } from './opened-stream.ts';

const client = 'eventsource';
const BODY =
  'id: 7\nevent: error\ndata: a\n\n: comment\n\nevent: own\ndata: b\ndata: c\n\ndata: d\n\ndata: unfinished';

/** Opens with the package, and collects what it dispatches. */
function openWith(params: ConstructorParameters<typeof OpenedStream>[0]): {
  stream: OpenedStream;
  events: LibraryEvent[];
} {
  const events: LibraryEvent[] = [];
  const stream = new OpenedStream({ client, ...params }, { onLibraryEvent: (event) => events.push(event) });
  return { stream, events };
}

/** A note's string or number. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const logOf = (stream: OpenedStream): unknown[] =>
  stream.notes('log').map(({ fields }) => `${textOf(fields['text'])} ${textOf(fields['readyState'])}`);

describe('the eventsource client', () => {
  test('reports all events that the package dispatches, and records the bytes exactly', async () => {
    const origin = await serveHttp((_request, response) => response.writeHead(200, EVENT_STREAM).end(BODY));
    const { stream, events } = openWith({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe(BODY);
    expect(events).toEqual([
      { client, type: 'error', data: 'a', lastEventId: '7' },
      { client, type: 'own', data: 'b\nc', lastEventId: '7' },
      { client, type: 'message', data: 'd', lastEventId: '7' },
    ]);
    expect(logOf(stream)).toEqual(['eventsource: open 1', 'eventsource: error: the stream ended 0']);
  });

  test('dispatches the same at every split point', async () => {
    const origin = await serveAnswers((socket, head) => {
      const at = Number(/\?(\d+)/.exec(head)?.[1]);
      const start =
        'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
      socket.end(`${start}${httpChunk(BODY.slice(0, at))}${httpChunk(BODY.slice(at))}0\r\n\r\n`);
    });
    for (let at = 1; at < BODY.length; at += 1) {
      const { stream, events } = openWith({ url: `${origin}/?${at}` });
      await stream.end;
      expect(stream.text).toBe(BODY);
      expect(events.map((event) => (event.client === 'eventsource' ? event.data : null))).toEqual([
        'a',
        'b\nc',
        'd',
      ]);
    }
  });

  test.each([
    ['a wrong content type', 200, { 'content-type': 'text/html' }, 'Invalid content type'],
    ['a 404', 404, EVENT_STREAM, 'Non-200 status code (404)'],
  ])('notes that the package refused %s, and keeps the whole body', async (_name, status, headers, why) => {
    const body = 'x'.repeat(1024 * 1024);
    const origin = await serveHttp((_request, response) => response.writeHead(status, headers).end(body));
    const { stream, events } = openWith({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text.length).toBe(body.length);
    expect(events).toEqual([]);
    expect(logOf(stream)).toEqual([containing(why)]);
    expect(logOf(stream)[0]).toMatch(/ 2$/);
  });

  test('sends the method, headers and body that the user gave', async () => {
    const seen: unknown[] = [];
    const origin = await serveHttp((request, response) => {
      seen.push(request.method, request.headers.authorization, request.headers.accept);
      request.on('data', (bytes: Buffer) => seen.push(bytes.toString()));
      request.on('end', () => response.writeHead(200, EVENT_STREAM).end('data: 1\n\n'));
    });
    const { stream, events } = openWith({
      url: origin,
      body: '{"a":1}',
      headers: [['Authorization', 'Bearer k']],
    });
    await stream.end;
    expect(seen).toEqual(['POST', 'Bearer k', 'text/event-stream', '{"a":1}']);
    expect(events).toHaveLength(1);
  });

  test('lets the package reconnect if requested, in the same capture', async () => {
    const ids: unknown[] = [];
    const origin = await serveHttp((request, response) => {
      ids.push(request.headers['last-event-id']);
      if (ids.length > 2) response.writeHead(204).end();
      else response.writeHead(200, EVENT_STREAM).end(`retry: 30\nid: ${ids.length}\ndata: x\n\n`);
    });
    const { stream, events } = openWith({ url: origin, reconnect: true });
    expect((await stream.end).reason).toBe('complete');
    expect(ids).toEqual([undefined, '1', '2']);
    expect(
      stream
        .notes('reconnect')
        .map(({ fields }) => [fields['attempt'], fields['lastEventId'], fields['reason']]),
    ).toEqual([
      [1, '1', 'complete'],
      [2, '2', 'complete'],
    ]);
    expect(stream.responses.map(({ status }) => status)).toEqual([200, 200, 204]);
    expect(events).toHaveLength(2);
  });

  test('sends only the newest Last-Event-ID, and none that a header cannot contain', async () => {
    const ids: unknown[] = [];
    const sent = ['retry: 30\ndata: x\n\n', 'id: é\ndata: x\n\n', 'id: a\u001bb\ndata: x\n\n'];
    const origin = await serveHttp((request, response) => {
      ids.push(
        request.rawHeaders.filter((_, at) => /^last-event-id$/i.test(request.rawHeaders[at - 1] ?? '')),
      );
      const body = sent[ids.length - 1];
      if (body === undefined) response.writeHead(204).end();
      else response.writeHead(200, EVENT_STREAM).end(body);
    });
    const { stream } = openWith({ url: origin, reconnect: true, headers: [['Last-Event-ID', 'mine']] });
    expect((await stream.end).reason).toBe('complete');
    expect(ids).toEqual([['mine'], ['mine'], [Buffer.from('é').toString('latin1')], []]);
  });

  test('limits a reconnection time that is too long for a timer to that of the raw client', async () => {
    let requests = 0;
    const origin = await serveHttp((_request, response) => {
      requests += 1;
      response.writeHead(200, EVENT_STREAM).end('retry: 100000000000000000000\n\n');
    });
    const hour = 60 * 60 * 1000;
    const waited = new Promise<number>((resolve) => {
      const { setTimeout } = globalThis;
      const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation((callback: () => void, ms = 0) => {
        if (ms >= hour) resolve(ms);
        return setTimeout(callback, ms);
      });
      onTestFinished(() => spy.mockRestore());
    });
    const { stream } = openWith({ url: origin, reconnect: true });
    expect(await waited).toBe(hour);
    expect(requests).toBe(1);
    expect((await stream.abort()).reason).toBe('aborted');
  });

  test('follows redirects as the raw client does', async () => {
    const origin = await serveHttp((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/to' }).end();
      else response.writeHead(200, EVENT_STREAM).end('data: 1\n\n');
    });
    const { stream, events } = openWith({ url: origin });
    await stream.end;
    expect(stream.notes('redirect')).toHaveLength(1);
    expect(events).toHaveLength(1);
  });

  test('ends as the connection did', async () => {
    const cut = await serveHttp((_request, response) => {
      response
        .writeHead(200, EVENT_STREAM)
        .write('data: 1\n\n', () => setImmediate(() => response.destroy()));
    });
    expect((await openWith({ url: cut }).stream.end).reason).toBe('premature-close');
    expect(await openWith({ url: 'http://127.0.0.1:1/' }).stream.end).toMatchObject({
      error: { code: 'ECONNREFUSED' },
    });
  });

  test.each(['in the body', 'during the wait for a reconnection'])('is aborted at once %s', async (when) => {
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, EVENT_STREAM).write('retry: 3600000\ndata: 1\n\n');
      if (when !== 'in the body') response.end();
    });
    const { stream } = openWith({ url: origin, reconnect: true });
    const logs = when === 'in the body' ? 1 : 2;
    await stream.until(() => stream.notes('log').length === logs);
    expect((await stream.abort()).reason).toBe('aborted');
    expect(stream.notes('abort')).toHaveLength(1);
  });
});
