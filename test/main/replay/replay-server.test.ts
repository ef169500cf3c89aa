import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import { describe, expect, test } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { recordedVariant } from '../../../src/core/replay/variant.ts';
import { CaptureBuilder, event } from '../../fixtures/capture-builder.ts';
import { OpenedStream } from '../client/opened-stream.ts';
import { entry, fault, numbered, replayOf } from './replay-under-test.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const chunksOf = (records: readonly CaptureRecord[]): string[] =>
  records.flatMap((record) =>
    record.kind === 'chunk' && record.bytes.length > 0 ? [text(record.bytes)] : [],
  );

/** A request written by hand, whose answer is not read. */
async function unread(origin: string): Promise<Socket> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1').pause();
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`GET / HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n\r\n`);
  return socket;
}

describe('a replay', () => {
  test('gives status, header fields, bytes and chunks as they were recorded, for every path and method', async () => {
    const { records } = new CaptureBuilder()
      .response(
        [
          ['Content-Type', 'text/event-stream; charset=utf-8'],
          ['X-Twice', 'a'],
          ['x-twice', 'b'],
          ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
          ['Content-Encoding', 'gzip'],
          ['Connection', 'close'],
        ],
        { status: 418 },
      )
      .chunks(['data: €'.slice(0, 3), 'ta: x\n\n', Buffer.from([0xff, 0x00, 0x0a]).toString('latin1')], 10, 5)
      .end('complete', 25);
    const { origin } = await replayOf(records);
    for (const method of ['GET', 'POST', 'PUT']) {
      const body = method === 'GET' ? {} : { body: 'x'.repeat(5_000_000) };
      const again = new OpenedStream({ url: `${origin}/v1/any/path?q=1`, method, ...body });
      expect((await again.end).reason).toBe('complete');
      expect(chunksOf(again.records)).toEqual(chunksOf(records));
      const [response] = again.responses;
      expect(response?.status).toBe(418);
      expect(response?.headers.slice(0, 4)).toEqual([
        ['Content-Type', 'text/event-stream; charset=utf-8'],
        ['X-Twice', 'a'],
        ['x-twice', 'b'],
        ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
      ]);
      expect(response?.headers.map(([name]) => name.toLowerCase())).not.toContain('content-encoding');
    }
    const head = await fetch(origin, { method: 'HEAD' });
    expect([head.status, head.headers.get('x-twice'), await head.text()]).toEqual([418, 'a, b', '']);
  });

  test('of a replay is the same again', async () => {
    const first = await replayOf(numbered(30, 20, 7).records);
    const once = new OpenedStream({ url: first.origin });
    await once.end;
    const second = await replayOf(once.records);
    const twice = new OpenedStream({ url: second.origin });
    await twice.end;
    expect(chunksOf(twice.records)).toEqual(chunksOf(once.records));
    expect(twice.responses[0]?.headers).toEqual(once.responses[0]?.headers);
    // Never early, but for what a timer rounds. How late a chunk is depends on the machine: the benchmark measures it.
    const off = twice.chunks.map(({ at }, n) => (at ?? 0) - (once.chunks[n]?.at ?? 0));
    expect(Math.min(...off)).toBeGreaterThan(-3);
  });

  test.each(['1', 'random', 'inside-utf8'] as const)(
    'cut harsher (%s) arrives in those pieces',
    async (how) => {
      const body = event('Zürich — 🙂 '.repeat(20));
      const { records } = new CaptureBuilder().response().chunk(body).end();
      const split =
        how === '1'
          ? { kind: 'fixed' as const, size: 1 }
          : how === 'random'
            ? { kind: 'random' as const, seed: 3 }
            : { kind: how };
      const { origin, log } = await replayOf(records, { variant: { split, speed: 'instant' } });
      const opened = new OpenedStream({ url: origin });
      await opened.end;
      expect(opened.text).toBe(body);
      const written = log.entries().flatMap((each) => (each.kind === 'written' ? [each.bytes] : []));
      expect(chunksOf(opened.records).map(({ length }) => length)).toEqual(written);
      expect(written.length).toBeGreaterThan(5);
    },
  );

  test('cut harsher reaches fetch in those pieces too, which glues together what comes at once', async () => {
    const { records } = new CaptureBuilder().response().chunk(event('one by one')).end();
    const { origin } = await replayOf(records, {
      variant: { split: { kind: 'fixed', size: 1 }, speed: 'instant' },
    });
    let pieces = 0;
    for await (const _ of (await fetch(origin)).body ?? []) pieces++;
    expect(pieces).toBe(event('one by one').length);
  });

  test('ends as each fault says', async () => {
    const { records } = numbered(10);
    const server = await replayOf(records);
    const all = Buffer.from(chunksOf(records).join(''));
    const open = async (...faults: readonly { name: Parameters<typeof fault>[0]; amount?: number }[]) => {
      server.change({ ...recordedVariant, faults: faults.map(({ name, amount = 0 }) => ({ name, amount })) });
      const opened = new OpenedStream({ url: server.origin });
      return { end: await opened.end, opened };
    };
    const closed = await open({ name: 'premature-close' });
    expect(closed.end.reason).toBe('premature-close');
    expect(closed.opened.text).toBe(all.subarray(0, all.length >> 1).toString());
    const reset = await open({ name: 'reset' });
    expect(reset.end).toMatchObject({ reason: 'premature-close', error: { code: 'ECONNRESET' } });
    expect(reset.opened.text).toBe(all.subarray(0, all.length >> 1).toString());
    const wrong = await open({ name: 'wrong-content-type' });
    expect(wrong.opened.responses[0]?.headers).toContainEqual(['Content-Type', 'text/plain; charset=utf-8']);
    const slow = await open({ name: 'slow-close', amount: 0.2 }, { name: 'http-status' });
    expect(slow.opened.responses[0]?.status).toBe(503);
    expect((slow.end.at ?? 0) - (slow.opened.chunks.at(-1)?.at ?? 0)).toBeGreaterThan(150);
    const reasons = server.log.entries().flatMap((each) => (each.kind === 'close' ? [each.reason] : []));
    expect(reasons).toEqual(['fault', 'fault', 'complete', 'complete']);
  });

  test('tells who came, what was sent and how it ended', async () => {
    const { records } = numbered(3);
    const { origin, log } = await replayOf(records);
    const response = await fetch(`${origin}/chat`, { method: 'POST', headers: { 'x-request-id': 'mine' } });
    await response.text();
    const entries = log.entries('mine').map(({ kind }) => kind);
    expect(entries).toEqual(['request', 'written', 'written', 'written', 'close']);
    expect(log.entries('mine').at(-1)).toMatchObject({
      reason: 'complete',
      pieces: 3,
      bytes: chunksOf(records).join('').length,
    });
  });

  test('goes on behind the last event that a client has, and tells it when nothing is left', async () => {
    const server = await replayOf(numbered(8).records, { variant: { faults: fault('premature-close') } });
    const source = new EventSource(server.origin);
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      source.addEventListener('message', ({ data }: MessageEvent<string>) => {
        seen.push(data);
        if (data === '[DONE]') resolve();
      });
    });
    expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7', '[DONE]']);
    // It comes back, and is told to stay away.
    await entry(server, (each) => each.kind === 'line' && each.text.includes('nothing is left'));
    await new Promise<void>((resolve) => {
      const look = (): void =>
        source.readyState === EventSource.CLOSED ? resolve() : void setTimeout(look, 5);
      look();
    });
    const left = await fetch(server.origin, { headers: { 'last-event-id': '8' } });
    expect([left.status, await left.text()]).toEqual([204, '']);
    expect((await fetch(server.origin, { headers: { 'last-event-id': 'ü' } })).status).toBe(200);
  });

  test('sends the last event again where it is asked to', async () => {
    const server = await replayOf(numbered(8).records, {
      variant: { faults: fault('duplicate-after-reconnect') },
    });
    const source = new EventSource(server.origin);
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      source.addEventListener('message', ({ data }: MessageEvent<string>) => {
        seen.push(data);
        if (data === '[DONE]') resolve();
      });
    });
    source.close();
    const twice = seen.filter((data, index) => seen.indexOf(data) < index);
    expect(twice).toHaveLength(1);
    expect(new Set(seen).size).toBe(8);
    expect(seen.lastIndexOf(twice[0]!)).toBe(seen.indexOf(twice[0]!) + 1);
  });

  test('stays open and silent where the recorded client gave up waiting', async () => {
    const { records } = new CaptureBuilder().response().chunk(event('one')).end('timeout', 20);
    const server = await replayOf(records);
    const opened = new OpenedStream({ url: server.origin });
    await entry(server, (each) => each.kind === 'line' && each.text.includes('falls silent'));
    await opened.until(() => opened.text === event('one'));
    await opened.abort();
    expect(await entry(server, ({ kind }) => kind === 'close')).toMatchObject({ reason: 'client' });
  });

  test('serves 200 clients at once, one of which does not read, and holds next to nothing for it', async () => {
    let pulled = 0;
    const bytes = Buffer.alloc(64 * 1024, 'data: x\n\n');
    const pieces = 400;
    async function* records(): AsyncGenerator<CaptureRecord> {
      yield* new CaptureBuilder().response().records;
      for (let read = 0; read < pieces; read++) {
        pulled++;
        yield { kind: 'chunk', at: null, read, wireBytes: bytes.length, bytes };
        await turn();
      }
      yield { kind: 'end', at: null, reason: 'complete' };
    }
    const server = await replayOf(records);
    pulled = 0;
    const lazy = await unread(server.origin);
    const stalled = await entry(server, ({ kind }) => kind === 'wait');
    // What the operating system takes for a connection, and a piece.
    const taken = pulled;
    expect(taken).toBeLessThan(pieces / 2);
    server.change({ ...recordedVariant, cut: 100_000 });
    const bodies = await Promise.all(
      Array.from({ length: 199 }, async () => (await fetch(server.origin)).text()),
    );
    expect(new Set(bodies.map(({ length }) => length))).toEqual(new Set([100_000]));
    expect(server.counts()).toMatchObject({ streams: 1 });
    expect(pulled).toBe(taken + 199 * 2);
    // It reads at last, and nothing is missing.
    let received = 0;
    lazy.on('data', (part: Buffer) => (received += part.length)).resume();
    expect(
      await entry(server, (each) => each.kind === 'close' && each.requestId === stalled.requestId),
    ).toMatchObject({
      reason: 'complete',
      bytes: pieces * bytes.length,
    });
    expect(
      server.log
        .entries(stalled.requestId ?? '')
        .some((each) => each.kind === 'line' && each.text.includes('reads again')),
    ).toBe(true);
    lazy.destroy();
    expect(received).toBeGreaterThan(0);
  });

  test('lets go of the capture and of every timer when a client leaves', async () => {
    let isOpen = false;
    async function* records(): AsyncGenerator<CaptureRecord> {
      try {
        isOpen = true;
        yield* new CaptureBuilder().response().chunk(event('one'), 10).chunk(event('two'), 3_600_000).end()
          .records;
      } finally {
        isOpen = false;
      }
    }
    const server = await replayOf(records);
    const opened = new OpenedStream({ url: server.origin });
    await opened.until(() => opened.text !== '');
    expect(isOpen).toBe(true);
    await opened.abort();
    expect(await entry(server, ({ kind }) => kind === 'close')).toMatchObject({
      reason: 'client',
      pieces: 1,
    });
    expect(isOpen).toBe(false);
  });

  test('closes at once, whatever its clients do', async () => {
    const slow = new CaptureBuilder()
      .response()
      .chunk(event('one'), 10)
      .chunk(event('two'), 3_600_000)
      .end().records;
    const server = await replayOf(slow);
    const reading = new OpenedStream({ url: server.origin });
    await reading.until(() => reading.text !== '');
    const lazy = await unread(server.origin);
    await entry(
      server,
      (each) => each.kind === 'written' && each.requestId !== null && server.counts().streams === 2,
    );
    await server.close();
    expect(server.counts()).toEqual({ sockets: 0, streams: 0 });
    expect((await reading.end).reason).toBe('premature-close');
    lazy.destroy();
  });
});

describe('a replay that cannot be', () => {
  test('of a taken port says so', async () => {
    const { records } = numbered(2);
    const port = Number(new URL((await replayOf(records)).origin).port);
    await expect(replayOf(records, { port })).rejects.toMatchObject({
      code: 'not-available',
      message: `port ${port} on 127.0.0.1 is taken by another program: choose another port`,
    });
    await expect(replayOf(records, { port: 70_000 })).rejects.toMatchObject({ code: 'bad-params' });
  });

  test('of a capture without an answer, or with one that cannot be sent, says so', async () => {
    const failed = new CaptureBuilder().end('error', 5, 'ECONNREFUSED').records;
    await expect(replayOf(failed)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining('nothing to replay') as string,
    });
    const odd = new CaptureBuilder().response([], { status: 42 }).end().records;
    await expect(replayOf(odd)).rejects.toMatchObject({ code: 'bad-file' });
  });

  test('of a variant that makes no sense says so, and goes on as before', async () => {
    const server = await replayOf(new CaptureBuilder().response().chunk(event('one')).end().records);
    expect(() => server.change({ ...recordedVariant, faults: fault('duplicate-after-reconnect') })).toThrow(
      /needs events with ids/,
    );
    expect(() => server.change({ ...recordedVariant, cut: -1 })).toThrow(/byte/);
    expect(server.variant).toEqual(recordedVariant);
  });

  test('because its file went away cuts the connection, says why and serves on', async () => {
    let isGone = false;
    async function* records(): AsyncGenerator<CaptureRecord> {
      const [response, chunk, end] = new CaptureBuilder().response().chunk(event('one')).end().records;
      yield response!;
      yield chunk!;
      if (isGone) throw new Error('no such file');
      yield end!;
    }
    const server = await replayOf(records);
    isGone = true;
    const opened = new OpenedStream({ url: server.origin });
    expect((await opened.end).reason).toBe('premature-close');
    expect(opened.text).toBe(event('one'));
    expect(await entry(server, ({ kind }) => kind === 'line')).toMatchObject({
      text: 'the capture cannot be served: no such file',
    });
    isGone = false;
    expect(await (await fetch(server.origin)).text()).toBe(event('one'));
  });

  test('because its records became fewer answers 500', async () => {
    let records: readonly CaptureRecord[] = numbered(2).records;
    const server = await replayOf(() => records);
    records = [];
    expect((await fetch(server.origin)).status).toBe(500);
  });
});

describe('pages of other origins', () => {
  const { records } = numbered(2);

  test('cannot use a replay, nor can a name that is made to point to it', async () => {
    const { origin, log } = await replayOf(records);
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ]) {
      const response = await fetch(origin, { headers });
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
    const opened = new OpenedStream({ url: origin, headers: [['Host', 'evil.example']] });
    await opened.end;
    expect(opened.responses[0]?.status).toBe(403);
    expect(log.entries().map(({ kind }) => kind)).toEqual(['answered', 'answered', 'answered', 'answered']);
  });

  test('can where they are allowed by name, whatever origin the capture allows', async () => {
    const recorded = new CaptureBuilder()
      .response([['Access-Control-Allow-Origin', 'https://app.example']])
      .chunk(event('one'))
      .end().records;
    const { origin } = await replayOf(recorded, { allowedOrigins: ['http://localhost:5173'] });
    const response = await fetch(origin, { headers: { origin: 'http://localhost:5173' } });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'http://localhost:5173',
    ]);
    expect((await fetch(origin, { headers: { origin: 'https://app.example' } })).status).toBe(403);
  });
});
