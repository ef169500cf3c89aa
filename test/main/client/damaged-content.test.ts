import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ACCEPTED_CODINGS, ContentDecoder } from '../../../src/main/client/content-decoder.ts';
import { serveHttp } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

const hasZstd = ACCEPTED_CODINGS.includes('zstd');
if (!hasZstd) console.log('zstd is not tested: this Node has none');

/** Content that does not compress well, and is larger than what a decoder reads at once. */
const LONG = Array.from({ length: 6000 }, (_, n) => `data: ${Math.sin(n)}\n\n`).join('');
const SHORT = 'data: {"n":1}\n\ndata: {"n":2}\n\n';

const compress: Record<string, (content: string) => Buffer> = {
  gzip: (content) => zlib.gzipSync(content),
  deflate: (content) => zlib.deflateSync(content),
  'deflate without a wrapper': (content) => zlib.deflateRawSync(content),
  br: (content) => zlib.brotliCompressSync(content),
  ...(hasZstd
    ? {
        zstd: (content: string) => zlib.zstdCompressSync(content),
        'zstd with a checksum': (content: string) =>
          zlib.zstdCompressSync(content, { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } }),
      }
    : {}),
};
const names = Object.keys(compress);
/** Brotli is slow. */
const done = new Map<string, Buffer>();
const compressed = (name: string, content: string): Buffer => {
  const bytes = done.get(name + content) ?? compress[name]?.(content);
  if (bytes === undefined) throw new Error(name);
  done.set(name + content, bytes);
  return Buffer.from(bytes);
};
const codingOf = (name: string): string => name.split(' ')[0] ?? name;

interface Decoded {
  readonly text: string;
  readonly code: string | null;
  readonly excess: number;
}

/** Decodes bytes in pieces of `size`. */
async function decode(coding: string, bytes: Buffer, size: number): Promise<Decoded> {
  const decoder = new ContentDecoder([coding]);
  const parts: Uint8Array[] = [];
  let code: string | null = null;
  try {
    for (let at = 0; at < bytes.length; at += size) {
      for await (const piece of decoder.decode(bytes.subarray(at, at + size))) parts.push(piece);
    }
    for await (const piece of decoder.finish()) parts.push(piece);
  } catch (error) {
    code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  decoder.close();
  return { text: Buffer.concat(parts).toString(), code, excess: decoder.excess?.bytes ?? 0 };
}

describe.each(names)('%s', (name) => {
  const coding = codingOf(name);

  test.each([
    ['a zero byte', Buffer.from([0])],
    ['one other byte', Buffer.from('A')],
    ['half a kilobyte of text', Buffer.alloc(500, 'garbage ')],
    ['the first byte of a gzip member', Buffer.from([0x1f])],
    ['more than a decoder takes at once', Buffer.alloc(10_000, 'x')],
  ])('followed by %s is decoded whole, and the rest is counted', async (_name, rest) => {
    for (const content of [SHORT, LONG]) {
      const bytes = compressed(name, content);
      for (const size of [
        bytes.length + rest.length,
        bytes.length,
        1000,
        ...(content === SHORT ? [1] : []),
      ]) {
        expect(await decode(coding, Buffer.concat([bytes, rest]), size)).toEqual({
          text: content,
          code: null,
          excess: rest.length,
        });
      }
    }
  });

  test('truncated anywhere yields what was decoded, and never hangs', async () => {
    const bytes = compressed(name, SHORT);
    for (let length = 1; length < bytes.length; length++) {
      for (const size of [length, 1]) {
        const { text, code, excess } = await decode(coding, bytes.subarray(0, length), size);
        expect(SHORT.startsWith(text)).toBe(true);
        expect([length, code, excess]).toEqual([length, 'CONTENT_TRUNCATED', 0]);
      }
    }
  });

  test('with any single bit flipped settles, for any chunk size', async () => {
    const bytes = compressed(name, SHORT);
    for (let bit = 0; bit < bytes.length * 8; bit += 3) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const whole = await decode(coding, damaged, damaged.length);
      expect(await decode(coding, damaged, 1)).toEqual(whole);
    }
  });

  test('damaged in the middle loses nothing before the damage', async () => {
    const bytes = compressed(name, LONG);
    const middle = Math.floor(bytes.length / 2);
    const damaged = Buffer.concat([bytes.subarray(0, middle), Buffer.alloc(8192, 0xff)]);
    // Exactly what the bytes before the damage decode to.
    const { text: before } = await decode(coding, bytes.subarray(0, middle), middle);
    for (const size of [damaged.length, 1460]) {
      const { text, code } = await decode(coding, damaged, size);
      expect(code).not.toBe(null);
      expect(text.length).toBeGreaterThanOrEqual(before.length);
      expect(text.startsWith(before)).toBe(true);
    }
  });
});

describe('a wrong checksum loses no decoded byte', () => {
  test.each(names.filter((name) => /^(gzip|deflate|zstd with a checksum)$/.test(name)))(
    '%s',
    async (name) => {
      for (const content of [SHORT, LONG]) {
        const bytes = compressed(name, content);
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        for (const size of [bytes.length, 1000, ...(content === SHORT ? [1] : [])]) {
          expect(await decode(codingOf(name), bytes, size)).toEqual({
            text: content,
            code: 'CONTENT_CHECKSUM',
            excess: 0,
          });
        }
      }
    },
  );
});

describe('several members', () => {
  test.each(['gzip', ...(hasZstd ? ['zstd', 'zstd with a checksum'] : [])])(
    'are all decoded: %s',
    async (name) => {
      const empty = compressed(name, '');
      const bytes = Buffer.concat([compressed(name, 'one '), empty, compressed(name, SHORT), empty]);
      for (const size of [bytes.length, 1460, 1]) {
        expect(await decode(codingOf(name), bytes, size)).toEqual({
          text: `one ${SHORT}`,
          code: null,
          excess: 0,
        });
      }
    },
  );

  test('a truncated second gzip member is reported as such', async () => {
    const bytes = Buffer.concat([compressed('gzip', 'one'), compressed('gzip', 'two').subarray(0, 12)]);
    expect((await decode('gzip', bytes, bytes.length)).code).toBe('CONTENT_TRUNCATED');
  });

  test('a gzip header with every optional field is skipped', async () => {
    const plain = compressed('gzip', SHORT);
    const header = Buffer.from(plain.subarray(0, 10));
    header[3] = 0x1e;
    const fields = Buffer.concat([
      Buffer.from([3, 0]),
      Buffer.from('abcname\0comment\0'),
      Buffer.from([1, 2]),
    ]);
    const bytes = Buffer.concat([header, fields, plain.subarray(10)]);
    for (const size of [bytes.length, 1])
      expect(await decode('gzip', bytes, size)).toEqual({ text: SHORT, code: null, excess: 0 });
  });

  test.skipIf(!hasZstd)('a skippable zstd frame is skipped', async () => {
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const bytes = Buffer.concat([compressed('zstd', 'one '), skippable, compressed('zstd', 'two')]);
    for (const size of [bytes.length, 1])
      expect(await decode('zstd', bytes, size)).toEqual({ text: 'one two', code: null, excess: 0 });
  });
});

describe('a response with bytes after its compressed data', () => {
  test.each(names)('ends, is read completely, and counts those bytes: %s', async (name) => {
    const bytes = Buffer.concat([compressed(name, SHORT), Buffer.from('\0\0tail')]);
    const origin = await serveHttp((_request, response) =>
      response.writeHead(200, { 'content-encoding': codingOf(name), connection: 'close' }).end(bytes),
    );
    const stream = new OpenedStream({ url: origin });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe(SHORT);
    expect(stream.chunks.reduce((sum, { wireBytes }) => sum + wireBytes, 0)).toBe(bytes.length);
    expect(stream.notes('warning').map(({ fields }) => fields)).toEqual([
      {
        code: 'bytes-after-content',
        text: `6 bytes follow the end of the ${codingOf(name)} data. They were not decoded.`,
        bytes: 6,
      },
    ]);
  });

  test.each(names)('can be stopped: %s', async (name) => {
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': codingOf(name) });
      response.write(Buffer.concat([compressed(name, SHORT), Buffer.alloc(6)]));
    });
    const stream = new OpenedStream({ url: origin });
    await stream.until(() => stream.text === SHORT);
    expect((await stream.abort()).reason).toBe('aborted');
    expect(stream.notes('warning')).toHaveLength(1);
  });
});
