import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import type { HeaderList } from '../../core/capture/record.ts';
import { ClientError } from './client-error.ts';

/** Node decodes zstd since 22.15; Electron 33 does not. */
const ZSTD = typeof zlib.createZstdDecompress === 'function';

/** Value of Accept-Encoding: what this runtime decodes. */
export const ACCEPTED_CODINGS = ZSTD ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br';

/** More codings than this in one header field are an attack, not a use. */
const MAX_CODINGS = 5;

/** How a body is coded. */
export type ContentCoding =
  | { readonly kind: 'identity' }
  /** In the order applied: the last one is undone first. */
  | { readonly kind: 'coded'; readonly codings: readonly string[] }
  /** Something that this runtime does not decode. */
  | { readonly kind: 'unknown'; readonly coding: string };

/** Reads the Content-Encoding header fields ([spec] RFC 9110 §8.4: "in the order in which they were applied"). */
export function contentCoding(headers: HeaderList): ContentCoding {
  const codings = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0) return { kind: 'identity' };
  const unknown =
    codings.length > MAX_CODINGS ? codings.join(', ') : codings.find((coding) => !isDecodable(coding));
  return unknown === undefined ? { kind: 'coded', codings } : { kind: 'unknown', coding: unknown };
}

/**
 * Undoes content codings piece by piece: what can be decoded from the bytes so far comes out at once, and no faster
 * than it is taken, so that a decompression bomb waits.
 */
export class ContentDecoder {
  readonly #stages: readonly DecodingStage[];
  #fed = false;

  /** `codings` as in `ContentCoding`: each must be decodable. */
  constructor(codings: readonly string[]) {
    this.#stages = codings.toReversed().map((coding) => new DecodingStage(coding));
  }

  /** The bytes that come out for these; none where the coding holds them back. @throws ClientError `CONTENT_DAMAGED` */
  decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
    this.#fed = true;
    return through(this.#stages, bytes);
  }

  /** The last bytes, after the last piece. @throws ClientError `CONTENT_TRUNCATED` where the coding was not over. */
  async *finish(): AsyncGenerator<Uint8Array, void> {
    // A body without a byte (HEAD, 204, 304) is not a truncated one.
    if (!this.#fed) return;
    for (const [index, stage] of this.#stages.entries()) {
      for await (const piece of stage.finish()) yield* through(this.#stages.slice(index + 1), piece);
    }
  }

  close(): void {
    for (const stage of this.#stages) stage.close();
  }
}

async function* through(
  stages: readonly DecodingStage[],
  bytes: Uint8Array,
): AsyncGenerator<Uint8Array, void> {
  const [first, ...rest] = stages;
  if (first === undefined) yield bytes;
  else for await (const piece of first.decode(bytes)) yield* through(rest, piece);
}

/**
 * Bytes that the decompressor is given, and gives, at once. What it had decoded in the same step is lost when it meets
 * damage, so the steps are small.
 */
const INPUT = 4096;
const OUTPUT = 4096;
/** Decoded bytes to collect before they are passed on, so that a large chunk does not become a thousand small ones. */
const COLLECT = 64 * 1024;

/** One coding. */
class DecodingStage {
  readonly #coding: string;
  #stream: Transform | null = null;
  #pieces: Uint8Array[] = [];
  #collected = 0;
  #error: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(coding: string) {
    this.#coding = coding;
  }

  decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
    if (bytes.length === 0) return this.#drain(() => true);
    const stream = (this.#stream ??= this.#open(bytes));
    let taken = 0;
    const writeOn = (): void => {
      const slice = bytes.subarray(taken, taken + INPUT);
      stream.write(slice, (error) => {
        taken += slice.length;
        this.#error ??= error ?? null;
        if (taken < bytes.length && this.#error === null) writeOn();
        else this.#wake?.();
      });
    };
    if (this.#error === null) writeOn();
    return this.#drain(() => taken === bytes.length);
  }

  finish(): AsyncGenerator<Uint8Array, void> {
    const stream = this.#stream;
    if (stream === null) return this.#drain(() => true);
    let over = false;
    stream.once('end', () => {
      over = true;
      this.#wake?.();
    });
    stream.end();
    return this.#drain(() => over);
  }

  close(): void {
    this.#stream?.destroy();
  }

  #open(first: Uint8Array): Transform {
    const stream = decompressor(this.#coding, first);
    stream.on('data', (piece: Buffer) => {
      this.#pieces.push(piece);
      this.#collected += piece.length;
      if (this.#collected >= COLLECT) {
        stream.pause();
        this.#wake?.();
      }
    });
    stream.on('error', (error) => {
      this.#error = error;
      this.#wake?.();
    });
    return stream;
  }

  /** Yields what comes out until `done`. */
  async *#drain(done: () => boolean): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      while (this.#collected < COLLECT && !done() && this.#error === null) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      this.#wake = null;
      if (this.#collected > 0) {
        const [only] = this.#pieces;
        const bytes = this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces);
        this.#pieces = [];
        this.#collected = 0;
        yield bytes;
        this.#stream?.resume();
      } else if (this.#error !== null) {
        throw problemOf(this.#error);
      } else if (done()) {
        return;
      }
    }
  }
}

function isDecodable(coding: string): boolean {
  return ['gzip', 'x-gzip', 'deflate', 'br'].includes(coding) || (coding === 'zstd' && ZSTD);
}

function decompressor(coding: string, first: Uint8Array): Transform {
  const { BROTLI_OPERATION_FLUSH, Z_SYNC_FLUSH } = zlib.constants;
  if (coding === 'br')
    return zlib.createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, chunkSize: OUTPUT });
  if (coding === 'zstd') return zlib.createZstdDecompress({ chunkSize: OUTPUT });
  const options = { flush: Z_SYNC_FLUSH, chunkSize: OUTPUT };
  if (coding !== 'deflate') return zlib.createGunzip(options);
  // [spec] RFC 9110 §8.4.1.2: "Some non-conformant implementations send the "deflate" compressed data without the
  // zlib wrapper." A wrapper's first byte has 8 (deflate) in its low half, which no encoder of raw deflate writes.
  return ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate(options) : zlib.createInflateRaw(options);
}

function problemOf(error: Error): ClientError {
  // zlib, brotli and zstd all say it with this code: the input is over and the coding is not.
  if ('code' in error && error.code === 'Z_BUF_ERROR') {
    return new ClientError('CONTENT_TRUNCATED', 'The body ended in the middle of its compressed data.');
  }
  const why = `The compressed body is damaged and cannot be decoded any further (${error.message}).`;
  return new ClientError('CONTENT_DAMAGED', why);
}
