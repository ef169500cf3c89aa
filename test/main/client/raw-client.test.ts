import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { handlesLeft, openHandles } from '../../fixtures/handles.ts';
import { Deferred } from '../../../src/main/client/deferred.ts';
import {
  EVENT_STREAM,
  httpChunk,
  serveAnswers,
  serveHttp,
  serveHttp2Only,
  serveHttps,
  serveTcp,
  turnsOfTheLoop,
} from './local-servers.ts';
import { containing, someNumber } from './containing.ts';
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
  test('the response as it came: names, order, repetitions, version', async () => {
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

  test('a chunk that the network cut, as the two pieces that came', async () => {
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

  test('the phases of the connection in order, with the address, in times that never go back', async () => {
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

  test('the wait for the first byte as the server made it', async () => {
    const origin = await serveHttp((_request, response) => setTimeout(() => response.end('x'), 120));
    const stream = new OpenedStream({ url: origin });
    const end = await stream.end;
    const wait = stream.notes('phase').find(({ fields }) => fields['phase'] === 'first-byte')?.fields['ms'];
    expect(wait).toBeGreaterThan(110);
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

describe('the raw client tells apart', () => {
  test.each([
    ['a Content-Length that is not reached', 'Content-Length: 100\r\n\r\ndata: 1\n\n'],
    ['the same on a connection to be closed', 'Connection: close\r\nContent-Length: 100\r\n\r\ndata: 1\n\n'],
    ['a chunked body without its last chunk', 'Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n'],
    [
      'the same on a connection to be closed',
      'Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n',
    ],
  ])('a premature close: %s', async (_name, rest) => {
    const origin = await serveAnswers((socket) => socket.end(HEAD + rest));
    const stream = new OpenedStream({ url: origin });
    expect(await stream.end).toMatchObject({
      reason: 'premature-close',
      error: { code: 'CONNECTION_CLOSED' },
    });
    expect(stream.text).toBe('data: 1\n\n');
  });

  test.each(['', 'Transfer-Encoding: chunked\r\n', 'Content-Length: 99\r\n'])(
    'a reset in the body, also where the body has no length: "%s"',
    async (framing) => {
      const origin = await serveAnswers((socket) => {
        socket.write(`${HEAD}${framing}\r\n${framing.startsWith('T') ? '9\r\n' : ''}data: 1\n\n`);
        void stream.until(() => stream.text.length === 9).then(() => socket.resetAndDestroy());
      });
      const stream = new OpenedStream({ url: origin });
      expect(await stream.end).toMatchObject({ reason: 'premature-close', error: { code: 'ECONNRESET' } });
      expect(stream.text).toBe('data: 1\n\n');
    },
  );

  test('a body that ends with its connection, as complete', async () => {
    const origin = await serveAnswers((socket) => socket.end(`${HEAD}\r\ndata: 1\n\n`));
    const stream = new OpenedStream({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe('data: 1\n\n');
  });

  test('a connection closed without an answer', async () => {
    const origin = await serveAnswers((socket) => socket.end());
    const end = await new OpenedStream({ url: origin }).end;
    expect(end).toMatchObject({ reason: 'error', error: { code: 'EMPTY_RESPONSE' } });
  });

  test('a refused connection', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => unused.once('listening', resolve));
    const { port } = unused.address() as AddressInfo;
    await new Promise((resolve) => unused.close(resolve));
    const stream = new OpenedStream({ url: `http://127.0.0.1:${port}/` });
    expect(await stream.end).toMatchObject({
      reason: 'error',
      error: { code: 'ECONNREFUSED', message: containing('nothing listens') },
    });
  });

  test('a name that does not exist', async () => {
    const end = await new OpenedStream({ url: 'http://nothing.invalid/' }).end;
    expect(end.reason).toBe('error');
    // Without any network the name server cannot be asked.
    expect(end.error?.code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expect(end.error?.message).toContain('nothing.invalid');
  });

  test('a server that does not speak HTTP, with the beginning of what it said', async () => {
    const origin = await serveTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    const end = await new OpenedStream({ url: origin }).end;
    expect(end).toMatchObject({
      reason: 'error',
      error: { message: containing('"SSH-2.0-OpenSSH_9.2··"') },
    });
    expect(end.error?.code).toBe('MALFORMED_RESPONSE');
  });

  test('TLS spoken to an http port, and HTTP spoken to a TLS port', async () => {
    const http = await serveHttp((_request, response) => response.end());
    const overTls = await new OpenedStream({ url: http.replace('http:', 'https:') }).end;
    expect(overTls).toMatchObject({
      reason: 'error',
      error: { message: containing('Is it http:// rather than https://?') },
    });
    const https = await serveTcp((socket) => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])));
    const plain = await new OpenedStream({ url: https }).end;
    expect(plain).toMatchObject({
      reason: 'error',
      error: { message: containing('Is it https:// rather than http://?') },
    });
  });

  test('broken chunk sizes, as an error and not as a close', async () => {
    const origin = await serveAnswers((socket) =>
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nzz\r\n`),
    );
    const stream = new OpenedStream({ url: origin });
    expect(await stream.end).toMatchObject({ reason: 'error', error: { code: 'MALFORMED_RESPONSE' } });
    expect(stream.text).toBe('abcd');
  });

  test('a self-signed certificate, unless it is accepted for this connection', async () => {
    const origin = await serveHttps((_request, response) =>
      response.writeHead(200, EVENT_STREAM).end('data: 1\n\n'),
    );
    const refused = await new OpenedStream({ url: origin }).end;
    expect(refused).toMatchObject({ reason: 'error', error: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    const accepted = new OpenedStream({ url: origin, insecure: true });
    expect((await accepted.end).reason).toBe('complete');
    expect(accepted.text).toBe('data: 1\n\n');
    const again = await new OpenedStream({ url: origin }).end;
    expect(again.reason).toBe('error');
  });

  test('a server that speaks nothing but HTTP/2', async () => {
    const origin = await serveHttp2Only();
    const end = await new OpenedStream({ url: origin, insecure: true }).end;
    expect(end).toMatchObject({ reason: 'error', error: { message: containing('HTTP/1.1') } });
  });

  test('slow headers, which are waited for', async () => {
    const origin = await serveHttp((_request, response) => setTimeout(() => response.end('late'), 300));
    const stream = new OpenedStream({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe('late');
  });
});

describe('an abort ends it at once', () => {
  test('before there is a connection', async () => {
    const stream = new OpenedStream({ url: 'http://127.0.0.1:9/' });
    expect(await stream.abort()).toEqual({ kind: 'end', at: someNumber, reason: 'aborted' });
    expect(stream.records.map((record) => record.kind)).toEqual(['note', 'end']);
    expect(stream.notes('abort')).toHaveLength(1);
  });

  test('before the headers, and the server sees it', async () => {
    const closed = new Deferred<void>();
    const asked = new Deferred<void>();
    const origin = await serveHttp((request) => {
      asked.resolve();
      request.on('close', () => closed.resolve());
    });
    const stream = new OpenedStream({ url: origin });
    await asked.promise;
    expect((await stream.abort()).reason).toBe('aborted');
    await closed.promise;
  });

  test('in the body, with what was received kept', async () => {
    const closed = new Deferred<void>();
    const origin = await serveHttp((request, response) => {
      response.writeHead(200, EVENT_STREAM).write('data: 1\n\n');
      request.on('close', () => closed.resolve());
    });
    const stream = new OpenedStream({ url: origin });
    await stream.until(() => stream.text === 'data: 1\n\n');
    expect((await stream.abort()).reason).toBe('aborted');
    expect(stream.records.at(-1)?.kind).toBe('end');
    await closed.promise;
  });

  test('while the sink takes nothing any more', async () => {
    const origin = await serveHttp(
      (_request, response) => void response.writeHead(200, EVENT_STREAM).write('data: 1\n\n'),
    );
    const stream = new OpenedStream({ url: origin }, {}, () => new Promise(() => undefined));
    await stream.until(() => stream.chunks.length > 0);
    expect((await stream.abort()).reason).toBe('aborted');
  });
});

describe('a sink that cannot keep up', () => {
  test('stops the server, and nothing is lost when it goes on', async () => {
    const total = 64 * 1024 * 1024;
    const block = Buffer.alloc(256 * 1024, 'x');
    let sent = 0;
    const blocked = new Deferred<void>();
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, EVENT_STREAM);
      let stalled: NodeJS.Timeout | undefined;
      const write = (): void => {
        clearTimeout(stalled);
        while (sent < total) {
          sent += block.length;
          if (!response.write(block)) {
            // No drain for so long, on one machine, means that the reader has stopped.
            stalled = setTimeout(() => blocked.resolve(), 300);
            return;
          }
        }
        response.end();
      };
      response.on('drain', write);
      write();
    });
    const gate = new Deferred<void>();
    let received = 0;
    const stream = new OpenedStream({ url: origin }, {}, (record) => {
      if (record.kind === 'chunk') received += record.bytes.length;
      return record.kind === 'chunk' ? gate.promise : undefined;
    });
    await blocked.promise;
    expect(sent).toBeLessThan(total / 2);
    expect(received).toBeLessThan(1024 * 1024);
    gate.resolve();
    expect((await stream.end).reason).toBe('complete');
    expect(received).toBe(total);
  });

  test('does not lose what was read when the server resets meanwhile', async () => {
    const reset = new Deferred<void>();
    const origin = await serveAnswers((socket) => {
      socket.setNoDelay(true);
      socket.write(`${HEAD}\r\nfirst`);
      socket.once('close', () => void turnsOfTheLoop().then(() => reset.resolve()));
      void stream
        .until(() => stream.text === 'first')
        .then(() =>
          socket.write(' second', () => void turnsOfTheLoop().then(() => socket.resetAndDestroy())),
        );
    });
    const stream = new OpenedStream({ url: origin }, {}, (record) =>
      record.kind === 'chunk' ? reset.promise : undefined,
    );
    expect((await stream.end).reason).toBe('premature-close');
    expect(stream.text).toBe('first second');
  });

  test('that fails ends the stream and says so', async () => {
    const origin = await serveHttp(
      (_request, response) => void response.writeHead(200, EVENT_STREAM).write('data: 1\n\n'),
    );
    const stream = new OpenedStream({ url: origin }, {}, (record) =>
      record.kind === 'chunk' ? Promise.reject(new Error('no space')) : undefined,
    );
    expect(await stream.end).toMatchObject({
      reason: 'error',
      error: { code: 'SINK_FAILED', message: containing('no space') },
    });
  });
});

test('nothing is left behind by fifty connections of every kind', async () => {
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

test('a server that sends interim responses for ever is given up', async () => {
  const origin = await serveAnswers((socket) => {
    const many = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(1000);
    const go = (): void => {
      if (!socket.destroyed) socket.write(many, go);
    };
    go();
  });
  const stream = new OpenedStream({ url: origin });
  expect(await stream.end).toMatchObject({ reason: 'error', error: { code: 'TOO_MANY_INTERIM_RESPONSES' } });
  // A hundred of them, and how many more there were.
  expect(stream.notes('log')).toHaveLength(101);
});
