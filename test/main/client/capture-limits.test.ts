import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EVENT_STREAM, serveHttp } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

/** An endless body, in pieces of 1000 bytes, as fast as it is read. */
async function serveForever(): Promise<string> {
  return serveHttp((_request, response) => {
    response.writeHead(200, EVENT_STREAM);
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(1000)));
    };
    response.on('drain', write);
    write();
  });
}

const size = (stream: OpenedStream): number =>
  stream.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);

describe('the limit of a capture', () => {
  test.each(['raw', 'eventsource', 'openai'] as const)(
    'ends a body that is too long at the exact byte: %s',
    async (client) => {
      const stream = new OpenedStream({ url: await serveForever(), client, limits: { size: 123_456 } });
      const message = 'The capture reached its limit of 123.5 kB. The connection was closed here.';
      expect(await stream.end).toMatchObject({
        reason: 'error',
        error: { code: 'CAPTURE_SIZE_LIMIT', message },
      });
      expect(size(stream)).toBe(123_456);
      expect(stream.notes('warning').map(({ fields }) => fields)).toMatchObject([
        { code: 'limit-reached', text: message, limit: 123_456, bytes: 123_456 },
      ]);
    },
  );

  test('counts across reconnections, and prevents further ones', async () => {
    let requests = 0;
    const origin = await serveHttp((_request, response) => {
      requests += 1;
      response.writeHead(200, EVENT_STREAM).end(`retry: 50\ndata: ${'x'.repeat(40)}\n\n`);
    });
    const stream = new OpenedStream({ url: origin, reconnect: true, limits: { size: 100 } });
    expect((await stream.end).error?.code).toBe('CAPTURE_SIZE_LIMIT');
    expect([size(stream), requests]).toEqual([100, 2]);
  });

  test('is not exceeded by a body of exactly that length', async () => {
    const origin = await serveHttp((_request, response) =>
      response.writeHead(200, EVENT_STREAM).end('x'.repeat(100)),
    );
    expect((await new OpenedStream({ url: origin, limits: { size: 100 } }).end).reason).toBe('complete');
  });

  test('ends a bomb of a kilobyte without decoding more than needed', async () => {
    const bomb = zlib.brotliCompressSync(Buffer.alloc(400_000_000), {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 },
    });
    expect(bomb.length).toBeLessThan(10_000);
    const origin = await serveHttp((_request, response) =>
      response.writeHead(200, { ...EVENT_STREAM, 'content-encoding': 'br' }).end(bomb),
    );
    let received = 0;
    const stream = new OpenedStream({ url: origin }, {}, (record) => {
      if (record.kind !== 'chunk') return;
      received += record.bytes.length;
      // The test does not keep the bytes.
      stream.records.pop();
    });
    expect(await stream.end).toMatchObject({ reason: 'error', error: { code: 'CAPTURE_RATIO_LIMIT' } });
    expect(received).toBeGreaterThan(256e6);
    expect(received).toBeLessThan(257e6);
  }, 60_000);

  test('of the ratio does not apply to short bodies', async () => {
    const body = 'data: {"n":1}\n\n'.repeat(200_000);
    const origin = await serveHttp((_request, response) =>
      response
        .writeHead(200, { ...EVENT_STREAM, 'content-encoding': 'br' })
        .end(zlib.brotliCompressSync(body)),
    );
    const stream = new OpenedStream({ url: origin, limits: { ratio: 1 } });
    expect((await stream.end).reason).toBe('complete');
    expect(size(stream)).toBe(body.length);
  });
});
