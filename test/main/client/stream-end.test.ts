import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Deferred } from '../../../src/core/deferred.ts';
import { containing } from './containing.ts';
import {
  EVENT_STREAM,
  serveAnswers,
  serveHttp,
  serveHttp2Only,
  serveHttps,
  serveTcp,
} from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';

describe('the raw client distinguishes', () => {
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
    'a reset in the body, even if the body has no length: "%s"',
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

  test('a connection closed without a response', async () => {
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
      error: { code: 'ECONNREFUSED', message: containing('no server is listening') },
    });
  });

  test('a name that does not exist', async () => {
    const end = await new OpenedStream({ url: 'http://nothing.invalid/' }).end;
    expect(end.reason).toBe('error');
    // Without a network, no name server responds.
    expect(end.error?.code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expect(end.error?.message).toContain('nothing.invalid');
  });

  test('a server that does not speak HTTP, with its first bytes', async () => {
    const origin = await serveTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    const end = await new OpenedStream({ url: origin }).end;
    expect(end).toMatchObject({
      reason: 'error',
      error: { message: containing('"SSH-2.0-OpenSSH_9.2··"') },
    });
    expect(end.error?.code).toBe('MALFORMED_RESPONSE');
  });

  test('TLS on an http port, and HTTP on a TLS port', async () => {
    const http = await serveHttp((_request, response) => response.end());
    const overTls = await new OpenedStream({ url: http.replace('http:', 'https:') }).end;
    expect(overTls).toMatchObject({
      reason: 'error',
      error: { message: containing('Try http:// instead of https://.') },
    });
    const https = await serveTcp((socket) => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])));
    const plain = await new OpenedStream({ url: https }).end;
    expect(plain).toMatchObject({
      reason: 'error',
      error: { message: containing('Try https:// instead of http://.') },
    });
  });

  test('invalid chunk sizes, as an error and not as a close', async () => {
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

  test('a server that speaks only HTTP/2', async () => {
    const origin = await serveHttp2Only();
    const end = await new OpenedStream({ url: origin, insecure: true }).end;
    expect(end).toMatchObject({ reason: 'error', error: { message: containing('HTTP/1.1') } });
  });

  test('slow headers, which do not fail', async () => {
    const asked = new Deferred<ServerResponse>();
    const origin = await serveHttp((_request, response) => asked.resolve(response));
    const stream = new OpenedStream({ url: origin });
    await stream.until(() => stream.phases.includes('request-sent'));
    (await asked.promise).end('late');
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe('late');
  });
});

test('endless interim responses are an error', async () => {
  const origin = await serveAnswers((socket) => {
    const many = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(1000);
    const go = (): void => {
      if (!socket.destroyed) socket.write(many, go);
    };
    go();
  });
  const stream = new OpenedStream({ url: origin });
  expect(await stream.end).toMatchObject({ reason: 'error', error: { code: 'TOO_MANY_INTERIM_RESPONSES' } });
  // A hundred of them, and one with the number of the others.
  expect(stream.notes('log')).toHaveLength(101);
});
