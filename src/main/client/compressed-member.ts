import * as zlib from 'node:zlib';
import { ClientError } from './client-error.ts';
import { ByteWalk, type DeflateWrapping, ZSTD_CHECKSUM, zstdFrame } from './compression-format.ts';
import { Decompressor, OUTPUT } from './decompressor.ts';

/**
 * One unit of compressed data: a gzip member, a zlib stream, a brotli stream or a zstd frame. Unlike zlib's own streams
 * it reports where the data ends, so that bytes after it are not mistaken for damage.
 */
export interface CompressedMember {
  /** The member is complete. */
  readonly over: boolean;
  /**
   * Yields decoded bytes, and returns how many of `bytes` belong to the member. @throws ClientError, or zlib's error
   */
  decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, number>;
  /** Ends the input and yields the rest. @throws ClientError `CONTENT_TRUNCATED` if the member is incomplete */
  finish(): AsyncGenerator<Uint8Array, void>;
  close(): void;
}

/** Deflate data in one of its wrappings. Checks the checksum itself, so that a wrong one loses no decoded byte. */
export class DeflateMember implements CompressedMember {
  readonly #wrapping: DeflateWrapping;
  readonly #data = new Decompressor(() =>
    zlib.createInflateRaw({ flush: zlib.constants.Z_SYNC_FLUSH, chunkSize: OUTPUT }),
  );
  readonly #trailer: number[] = [];
  #over = false;

  constructor(wrapping: DeflateWrapping) {
    this.#wrapping = wrapping;
  }

  get over(): boolean {
    return this.#over;
  }

  async *decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, number> {
    const { header, trailerLength } = this.#wrapping;
    let at = header?.walk(bytes) ?? 0;
    if (at < bytes.length && !this.#data.over) {
      const decoded = this.#data.decode(bytes.subarray(at));
      let step = await decoded.next();
      for (; step.done !== true; step = await decoded.next()) {
        this.#wrapping.update(step.value);
        yield step.value;
      }
      at += step.value;
    }
    if (!this.#data.over) return at;
    while (this.#trailer.length < trailerLength && at < bytes.length) this.#trailer.push(bytes[at++] ?? 0);
    if (this.#trailer.length === trailerLength) {
      this.#over = true;
      if (!this.#wrapping.isRight(Buffer.from(this.#trailer))) throw wrongChecksum();
    }
    return at;
  }

  async *finish(): AsyncGenerator<Uint8Array, void> {
    if (this.#over) return;
    // Raw deflate has no trailer that marks its end.
    if (this.#wrapping.trailerLength > 0) throw truncated();
    yield* this.#data.finish();
  }

  close(): void {
    this.#data.close();
  }
}

/** A zstd frame. Each block states its length, so walking over the blocks finds the end. */
export class ZstdMember implements CompressedMember {
  readonly #data = new Decompressor(() => zlib.createZstdDecompress({ chunkSize: OUTPUT }));
  readonly #frame = new ByteWalk(zstdFrame());

  get over(): boolean {
    return this.#frame.over;
  }

  async *decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, number> {
    const length = this.#frame.walk(bytes);
    // The checksum is decoded separately: if it is wrong, all decoded bytes were already yielded.
    const cut = this.over ? Math.max(0, length - ZSTD_CHECKSUM) : length;
    try {
      for (const part of [bytes.subarray(0, cut), bytes.subarray(cut, length)])
        yield* this.#data.decode(part);
    } catch (error) {
      throw isCoded(error, 'ZSTD_error_checksum_wrong') ? wrongChecksum() : error;
    }
    return length;
  }

  async *finish(): AsyncGenerator<Uint8Array, void> {
    if (!this.over) throw truncated();
    yield* [];
  }

  close(): void {
    this.#data.close();
  }
}

/** A brotli stream. It has no checksum, and the decoder detects its end. */
export class BrotliMember implements CompressedMember {
  readonly #data = new Decompressor(() =>
    zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH, chunkSize: OUTPUT }),
  );

  get over(): boolean {
    return this.#data.over;
  }

  decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, number> {
    return this.#data.decode(bytes);
  }

  finish(): AsyncGenerator<Uint8Array, void> {
    return this.#data.finish();
  }

  close(): void {
    this.#data.close();
  }
}

function isCoded(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function truncated(): ClientError {
  return new ClientError('CONTENT_TRUNCATED', 'The body ended in the middle of its compressed data.');
}

/** Converts an error of a member into one for the user. */
export function contentProblem(error: unknown): unknown {
  if (error instanceof ClientError || !(error instanceof Error)) return error;
  // zlib, brotli and zstd all use this code for truncated input.
  if (isCoded(error, 'Z_BUF_ERROR')) return truncated();
  const why = `The compressed body is damaged and cannot be decoded further (${error.message}).`;
  return new ClientError('CONTENT_DAMAGED', why);
}

function wrongChecksum(): ClientError {
  return new ClientError(
    'CONTENT_CHECKSUM',
    'The compressed body was decoded to its end, but its checksum is wrong: the data was damaged in transit.',
  );
}
