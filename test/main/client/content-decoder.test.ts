import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ACCEPTED_CODINGS, ContentDecoder, contentCoding } from '../../../src/main/client/content-decoder.ts';
import { EVENT_STREAM, serveHttp } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

const hasZstd = ACCEPTED_CODINGS.includes('zstd');

/** How a server would compress with each coding, flushing after every event. */
const encoders: Record<string, () => zlib.Gzip | zlib.BrotliCompress> = {
  gzip: () => zlib.createGzip(),
  'x-gzip': () => zlib.createGzip(),
  deflate: () => zlib.createDeflate(),
  'deflate without a wrapper': () => zlib.createDeflateRaw(),
  br: () => zlib.createBrotliCompress(),
  ...(hasZstd ? { zstd: () => zlib.createZstdCompress() } : {}),
};
if (!hasZstd) console.log('zstd is not tested: this Node has none');

const codingOf = (name: string): string => name.split(' ')[0] ?? name;

/** All decoded bytes. */
async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}

/** Compresses in twenty parts, each flushed: zstd decodes a block only when it is complete. */
async function compressed(name: string, content: string | Buffer): Promise<Buffer> {
  const encoder = encoders[name]?.();
  if (encoder === undefined) throw new Error(`no encoder ${name}`);
  const bytes = Buffer.from(content);
  const part = Math.ceil(bytes.length / 20);
  const write = async (): Promise<void> => {
    for (let at = 0; at < bytes.length; at += part) {
      encoder.write(bytes.subarray(at, at + part));
      await new Promise<void>((resolve) => encoder.flush(() => resolve()));
    }
    encoder.end();
  };
  const [result] = await Promise.all([all(encoder), write()]);
  return result;
}

describe('the Content-Encoding header', () => {
  test.each([
    [[], { kind: 'identity' }],
    [['identity'], { kind: 'identity' }],
    [[''], { kind: 'identity' }],
    [['GZip'], { kind: 'coded', codings: ['gzip'] }],
    [['deflate, br', ' gzip'], { kind: 'coded', codings: ['deflate', 'br', 'gzip'] }],
    [['gzip, dcb'], { kind: 'unknown', coding: 'dcb' }],
    [['gzip,gzip,gzip,gzip,gzip,gzip'], { kind: 'unknown', coding: 'gzip, gzip, gzip, gzip, gzip, gzip' }],
  ])('%j is read as %j', (values, coding) => {
    expect(contentCoding(values.map((value) => ['Content-ENCODING', value]))).toEqual(coding);
  });
});

describe.each(Object.keys(encoders))('%s', (name) => {
  test('yields each event as soon as it is flushed, with the number of bytes on the wire', async () => {
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, { ...EVENT_STREAM, 'content-encoding': codingOf(name) });
      const encoder = encoders[name]?.();
      if (encoder === undefined) throw new Error(name);
      encoder.pipe(response);
      const send = (n: number): void => {
        if (n === 4) return void encoder.end();
        encoder.write(`data: ${n}\n\n`);
        encoder.flush(() => undefined);
        // The next event is sent only after this one was received, so it cannot have waited for it.
        void stream.until(() => stream.text.endsWith(`data: ${n}\n\n`)).then(() => send(n + 1));
      };
      send(1);
    });
    const stream = new OpenedStream({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
    expect(stream.chunks.every((chunk) => chunk.wireBytes > 0)).toBe(true);
  });

  test('decodes the same for any chunk size', async () => {
    const text = Array.from({ length: 200 }, (_, n) => `data: {"n":${n * n}}\n\n`).join('');
    const bytes = await compressed(name, text);
    for (const size of [1, 7, 100, bytes.length]) {
      const decoder = new ContentDecoder([codingOf(name)]);
      const parts: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size)
        parts.push(await all(decoder.decode(bytes.subarray(at, at + size))));
      parts.push(await all(decoder.finish()));
      expect(Buffer.concat(parts).toString()).toBe(text);
    }
  });

  test('that is truncated is reported as such, and the decoded part is kept', async () => {
    const text = Array.from({ length: 2000 }, (_, n) => `data: ${Math.sin(n)}\n\n`).join('');
    const bytes = await compressed(name, text);
    const origin = await serveHttp((_request, response) => {
      response
        .writeHead(200, { 'content-encoding': codingOf(name) })
        .end(bytes.subarray(0, bytes.length / 2));
    });
    const stream = new OpenedStream({ url: origin });
    expect(await stream.end).toMatchObject({
      reason: 'premature-close',
      error: { code: 'CONTENT_TRUNCATED' },
    });
    expect(stream.text.length).toBeGreaterThan(text.length / 3);
    expect(text.startsWith(stream.text)).toBe(true);
    expect(stream.chunks.reduce((sum, chunk) => sum + chunk.wireBytes, 0)).toBe(Math.floor(bytes.length / 2));
  });

  test('of an empty body is complete', async () => {
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': codingOf(name) }).end();
    });
    expect((await new OpenedStream({ url: origin }).end).reason).toBe('complete');
    expect((await new OpenedStream({ url: origin, method: 'HEAD' }).end).reason).toBe('complete');
  });
});

describe('a coded body', () => {
  test('records a chunk that decodes to nothing', async () => {
    const bytes = await compressed('gzip', 'data: 1\n\n');
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.write(bytes.subarray(0, 10));
      void stream.until(() => stream.chunks.length === 1).then(() => response.end(bytes.subarray(10)));
    });
    const stream = new OpenedStream({ url: origin });
    await stream.end;
    expect(stream.chunks.map(({ wireBytes, bytes: { length } }) => [wireBytes, length])).toEqual([
      [10, 0],
      [bytes.length - 10, 9],
    ]);
  });

  test('is decoded from several codings, the last one first', async () => {
    const inner = await compressed('deflate', 'data: 1\n\n');
    const outer = await compressed('gzip', inner);
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'deflate, gzip' }).end(outer);
    });
    const stream = new OpenedStream({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe('data: 1\n\n');
  });

  test('may consist of several gzip members', async () => {
    const bytes = Buffer.concat([await compressed('gzip', 'one '), await compressed('gzip', 'two')]);
    const decoder = new ContentDecoder(['gzip']);
    expect(Buffer.concat([await all(decoder.decode(bytes)), await all(decoder.finish())]).toString()).toBe(
      'one two',
    );
  });

  test('of an unknown coding is kept undecoded, with a note', async () => {
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'aes128gcm' }).end('\u0001\u0002raw');
    });
    const stream = new OpenedStream({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe('\u0001\u0002raw');
    expect(stream.notes('warning').map(({ fields }) => fields)).toEqual([
      {
        code: 'unknown-coding',
        text: 'The content coding "aes128gcm" cannot be decoded here. The body is kept undecoded.',
        coding: 'aes128gcm',
      },
    ]);
  });

  test.each(['gzip', 'deflate', 'br', ...(hasZstd ? ['zstd'] : [])])(
    'of %s that is damaged ends with an error, and the decoded part is kept',
    async (coding) => {
      const text = Array.from({ length: 4000 }, (_, n) => `data: ${Math.sin(n)}\n\n`).join('');
      const bytes = Buffer.from(await compressed(coding, text));
      const middle = Math.floor(bytes.length / 2);
      // Long enough to hit a header: zstd does not detect damage in its literals.
      bytes.fill(0xff, middle, middle + 4096);
      const origin = await serveHttp((_request, response) =>
        response.writeHead(200, { 'content-encoding': coding }).end(bytes),
      );
      const stream = new OpenedStream({ url: origin });
      const end = await stream.end;
      expect(end.reason).toBe('error');
      expect(end.error?.message).toContain('damaged');
      // Everything except the damaged part.
      expect(stream.text.length).toBeGreaterThan(text.length / 3);
      expect(text.startsWith(stream.text.slice(0, text.length / 3))).toBe(true);
    },
  );

  test('that is not coded although the header says so is an error', async () => {
    const origin = await serveHttp((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('data: 1\n\n'),
    );
    expect(await new OpenedStream({ url: origin }).end).toMatchObject({
      reason: 'error',
      error: { code: 'CONTENT_DAMAGED' },
    });
  });

  test.each(['gzip', 'gzip, gzip', 'br'])('that is a bomb (%s) waits for the sink', async (codings) => {
    const size = 16 * 1024 * 1024;
    let bytes = await compressed(codings === 'br' ? 'br' : 'gzip', Buffer.alloc(size));
    if (codings.includes(',')) bytes = await compressed('gzip', bytes);
    const origin = await serveHttp((_request, response) =>
      response.writeHead(200, { 'content-encoding': codings }).end(bytes),
    );
    let received = 0;
    const stream = new OpenedStream({ url: origin }, {}, (record) => {
      if (record.kind !== 'chunk') return undefined;
      received += record.bytes.length;
      return received < 1024 * 1024 ? Promise.resolve() : new Promise(() => undefined);
    });
    await stream.until(() => received >= 1024 * 1024);
    // The same body is decoded completely in the meantime: so would this one be if it did not wait.
    expect((await new OpenedStream({ url: origin }).end).reason).toBe('complete');
    expect(received).toBeLessThan(1024 * 1024 + 128 * 1024);
    expect((await stream.abort()).reason).toBe('aborted');
    expect(received).toBeLessThan(3 * 1024 * 1024);
  });
});
