import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { Deferred } from '../../../src/core/deferred.ts';
import { handlesLeft, openHandles } from '../../fixtures/handles.ts';
import { someNumber } from './containing.ts';
import {
  EVENT_STREAM,
  httpChunk,
  serveAnswers,
  serveHttp,
  serveHttps,
  turnsOfTheLoop,
} from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';

describe('the raw client sends', () => {
  test('any method with headers and body exactly as given', async () => {
    const seen: unknown[] = [];
    const origin = await serveHttp((request, response) => {
      const body: Buffer[] = [];
      request.on('data', (bytes: Buffer) => body.push(bytes));
      request.on('end', () => {
        seen.push(
          request.method,
          request.url,
          request.headers['x-twice'],
          request.headers['x-latin'],
          Buffer.concat(body).toString(),
        );
        response.end();
      });
    });
    const stream = new OpenedStream({
      url: `${origin}/a?b=c d`,
      method: 'REPORT',
      headers: [
        ['X-Twice', '1'],
        ['x-twice', '2'],
        ['X-Latin', 'caf\u00e9'],
      ],
      body: '{"π":1}',
    });
    expect((await stream.end).reason).toBe('complete');
    expect(seen).toEqual(['REPORT', '/a?b=c%20d', '1, 2', 'caf\u00e9', '{"π":1}']);
  });

  test('a GET with a body, and a POST without one', async () => {
    const seen: unknown[] = [];
    const origin = await serveHttp((request, response) => {
      request.resume().on('end', () => {
        seen.push(`${request.method} ${request.headers['content-length']}`);
        response.end();
      });
    });
    await new OpenedStream({ url: origin, method: 'GET', body: 'abc' }).end;
    await new OpenedStream({ url: origin, method: 'POST' }).end;
    expect(seen).toEqual(['GET 3', 'POST 0']);
  });
});

describe('the raw client records', () => {
  test('the response as received: names, order, repetitions, version', async () => {
    const origin = await serveAnswers((socket) => {
      socket.end(
        'HTTP/1.0 418 Teapot\r\nX-b: 1\r\nx-A: 2\r\nX-B: 3\r\nSet-Cookie: a=\xe9\r\n\r\nbody',
        'latin1',
      );
    });
    const stream = new OpenedStream({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.responses).toMatchObject([
      {
        status: 418,
        httpVersion: 'HTTP/1.0',
        headers: [
          ['X-b', '1'],
          ['x-A', '2'],
          ['X-B', '3'],
          ['Set-Cookie', 'a=\u00e9'],
        ],
      },
    ]);
    expect(stream.text).toBe('body');
  });

  test('chunks of one socket read with one time and one read number', async () => {
    const origin = await serveAnswers((socket) => {
      socket.setNoDelay(true);
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${httpChunk('a\n')}${httpChunk('b\n')}`);
      void stream
        .until(() => stream.chunks.length === 2)
        .then(() => socket.end(`${httpChunk('c\n')}${httpChunk('d\n')}${httpChunk('e\n')}0\r\n\r\n`));
    });
    const stream = new OpenedStream({ url: origin });
    await stream.end;
    expect(stream.chunks.map(({ bytes, read }) => [Buffer.from(bytes).toString(), read])).toEqual([
      ['a\n', 0],
      ['b\n', 0],
      ['c\n', 1],
      ['d\n', 1],
      ['e\n', 1],
    ]);
    const [first, second, third, , fifth] = stream.chunks;
    expect(second?.at).toBe(first?.at);
    expect(fifth?.at).toBe(third?.at);
    expect(third?.at).toBeGreaterThan(second?.at ?? Number.NaN);
  });

  test('a chunk that the network split, as the two received pieces', async () => {
    const origin = await serveAnswers((socket) => {
      socket.setNoDelay(true);
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n8\r\ndat`);
      void stream.until(() => stream.chunks.length === 1).then(() => socket.end('a: 1\n\r\n0\r\n\r\n'));
    });
    const stream = new OpenedStream({ url: origin });
    await stream.end;
    expect(stream.chunks.map(({ bytes, read }) => [Buffer.from(bytes).toString(), read])).toEqual([
      ['dat', 0],
      ['a: 1\n', 1],
    ]);
  });

  test('the phases of the connection in order, with the address and times that never decrease', async () => {
    const origin = await serveHttps((_request, response) =>
      response.writeHead(200, EVENT_STREAM).end('data: 1\n\n'),
    );
    const stream = new OpenedStream({ url: origin.replace('127.0.0.1', 'localhost'), insecure: true });
    await stream.end;
    const phases = stream.notes('phase').map(({ fields }) => fields);
    expect(phases.map(({ phase }) => phase)).toEqual([
      'lookup',
      'connect',
      'tls',
      'request-sent',
      'first-byte',
    ]);
    expect(phases[0]?.['detail']).toContain('127.0.0.1');
    expect(phases[1]?.['detail']).toBe(`127.0.0.1:${new URL(origin).port}`);
    expect(phases[2]?.['detail']).toMatch(
      /^TLSv1\.3 TLS_\w+, certificate accepted without verification: DEPTH_ZERO_SELF_SIGNED_CERT$/,
    );
    const times = stream.records.map(({ at }) => at ?? Number.NaN);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const { ms } of phases) expect(ms).toBeGreaterThanOrEqual(0);
  });

  test('how long the server waited before the first byte', async () => {
    const asked = new Deferred<ServerResponse>();
    const origin = await serveHttp((_request, response) => asked.resolve(response));
    const stream = new OpenedStream({ url: origin });
    const response = await asked.promise;
    await stream.until(() => stream.phases.includes('request-sent'));
    const began = performance.now();
    await turnsOfTheLoop();
    const waited = performance.now() - began;
    response.end('x');
    const end = await stream.end;
    const wait = stream.notes('phase').find(({ fields }) => fields['phase'] === 'first-byte')?.fields['ms'];
    expect(wait).toBeGreaterThanOrEqual(waited);
    expect(wait).toBeLessThanOrEqual(end.at ?? 0);
  });

  test('interim responses and trailer fields as notes', async () => {
    const origin = await serveAnswers((socket) => {
      const early = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n';
      socket.end(`${early}${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 5\r\n\r\n`);
    });
    const stream = new OpenedStream({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.notes('log').map(({ fields }) => fields)).toEqual([
      { text: 'Interim response 103.', headers: [['Link', '</x>']] },
      { text: 'Trailer fields.', headers: [['X-Sum', '5']] },
    ]);
  });

  test.each([
    [204, {}, ''],
    [404, { 'content-type': 'text/html' }, '<h1>Not here</h1>'],
    [200, { 'content-type': 'application/json' }, '{}'],
  ])('a %i with whatever it carries as a complete response', async (status, headers, body) => {
    const origin = await serveHttp((_request, response) => response.writeHead(status, headers).end(body));
    const stream = new OpenedStream({ url: origin });
    expect(await stream.end).toEqual({ kind: 'end', at: someNumber, reason: 'complete' });
    expect(stream.responses[0]?.status).toBe(status);
    expect(stream.text).toBe(body);
  });

  test('every byte value unchanged', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 * 1024 }, (_, n) => (n * 7 + (n >> 8)) & 255));
    const origin = await serveHttp((_request, response) => response.end(bytes));
    const stream = new OpenedStream({ url: origin });
    await stream.end;
    expect(Buffer.concat(stream.chunks.map((chunk) => chunk.bytes)).equals(bytes)).toBe(true);
    expect(stream.chunks.every((chunk) => chunk.wireBytes === chunk.bytes.length)).toBe(true);
  });
});

test('fifty connections of each kind leave no handles open', async () => {
  const origin = await serveHttp((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/done' }).end();
    else if (request.url === '/done') response.writeHead(200, EVENT_STREAM).end('data: 1\n\n');
    else response.writeHead(200, EVENT_STREAM).write('x', () => request.url === '/cut' && response.destroy());
  });
  const run = async (n: number): Promise<void> => {
    const path = ['/done', '/cut', '/open', '/moved', '/open'][n % 5] ?? '/done';
    const stream = new OpenedStream({ url: origin + path, idleTimeout: n % 5 === 4 ? 20 : 600_000 });
    if (n % 5 === 2) await stream.until(() => stream.chunks.length > 0).then(() => stream.abort());
    await stream.end;
  };
  await run(0);
  const before = openHandles();
  await Promise.all(Array.from({ length: 50 }, (_, n) => run(n)));
  expect(await handlesLeft(before)).toEqual([]);
});
