import * as zlib from 'node:zlib';
import { ClientError } from './client-error.ts';

/** How a format wraps raw deflate data. */
export interface DeflateWrapping {
  /** Null if the format has no header. @throws ClientError for an invalid header */
  readonly header: ByteWalk | null;
  readonly trailerLength: number;
  /** Adds decoded bytes to the checksum. */
  update(bytes: Uint8Array): void;
  /** Whether the trailer matches the decoded bytes. */
  isRight(trailer: Buffer): boolean;
}

/** [spec] RFC 1952 §2.3: header, deflate data, CRC-32 and length modulo 2^32, both little-endian. */
export function gzipWrapping(): DeflateWrapping {
  let checksum = 0;
  let length = 0;
  return {
    header: new ByteWalk(gzipHeader()),
    trailerLength: 8,
    update: (bytes) => {
      if (HAS_CRC32) checksum = zlib.crc32(bytes, checksum);
      length = (length + bytes.length) % 2 ** 32;
    },
    isRight: (trailer) =>
      (!HAS_CRC32 || trailer.readUInt32LE(0) === checksum) && trailer.readUInt32LE(4) === length,
  };
}

/** [spec] RFC 1950 §2.2: two bytes of header, deflate data, Adler-32, big-endian. */
export function zlibWrapping(): DeflateWrapping {
  let low = 1;
  let high = 0;
  return {
    header: new ByteWalk(zlibHeader()),
    trailerLength: 4,
    update: (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        // [spec] RFC 1950 §9: the modulo "can be delayed": 5552 sums fit into 32 bits.
        const end = Math.min(at + 5552, bytes.length);
        for (; at < end; at++) {
          low += bytes[at] ?? 0;
          high += low;
        }
        low %= 65521;
        high %= 65521;
      }
    },
    isRight: (trailer) => trailer.readUInt32BE(0) === high * 65536 + low,
  };
}

/** Deflate data without a wrapping. */
export function noWrapping(): DeflateWrapping {
  return { header: null, trailerLength: 0, update: () => undefined, isRight: () => true };
}

/** Available since Node 20.15; without it, only the length is checked. */
const HAS_CRC32 = typeof zlib.crc32 === 'function';
/** Bytes of the optional checksum at the end of a zstd frame. */
export const ZSTD_CHECKSUM = 4;

/** Reads a header. `yield 1` requests the next byte; `yield n` skips n - 1 bytes first. */
export type Walker = Generator<number, void, number>;

/** Feeds bytes to a `Walker`, in pieces of any size. */
export class ByteWalk {
  readonly #walker: Walker;
  #wanted: number;
  #over = false;

  constructor(walker: Walker) {
    this.#walker = walker;
    this.#wanted = walker.next().value ?? 1;
  }

  /** The walker has returned. */
  get over(): boolean {
    return this.#over;
  }

  /** Feeds more bytes, and returns how many the walker consumed. Throws what the walker throws. */
  walk(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && !this.#over) {
      const taken = Math.min(this.#wanted, bytes.length - at);
      at += taken;
      this.#wanted -= taken;
      if (this.#wanted > 0) break;
      const step = this.#walker.next(bytes[at - 1] ?? 0);
      if (step.done === true) this.#over = true;
      else this.#wanted = step.value;
    }
    return at;
  }
}

function* littleEndian(length: number): Generator<number, number, number> {
  let value = 0;
  for (let at = 0; at < length; at++) value += (yield 1) * 2 ** (8 * at);
  return value;
}

/** [spec] RFC 1952 §2.3.1. */
function* gzipHeader(): Walker {
  const magic = yield* littleEndian(2);
  const method = yield 1;
  if (magic !== 0x8b1f || method !== 8) throw notInTheFormat('gzip');
  const flags = yield 1;
  yield 6;
  if ((flags & 0x04) !== 0) {
    const extra = yield* littleEndian(2);
    if (extra > 0) yield extra;
  }
  // FNAME and FCOMMENT end with a zero byte.
  for (const flag of [0x08, 0x10]) if ((flags & flag) !== 0) while ((yield 1) !== 0);
  if ((flags & 0x02) !== 0) yield 2;
}

/**
 * [spec] RFC 1950 §2.2: CM is 8, and "CMF and FLG … is a multiple of 31". Preset dictionaries (FDICT) are not
 * supported.
 */
function* zlibHeader(): Walker {
  const cmf = yield 1;
  const flg = yield 1;
  if ((cmf & 0x0f) !== 8 || (cmf * 256 + flg) % 31 !== 0 || (flg & 0x20) !== 0)
    throw notInTheFormat('deflate');
}

/** [spec] RFC 8878 §3.1: a frame's header and the headers of its blocks; or a skippable frame. */
export function* zstdFrame(): Walker {
  const magic = yield* littleEndian(4);
  if (isSkippable(magic)) {
    const length = yield* littleEndian(4);
    if (length > 0) yield length;
    return;
  }
  if (magic !== ZSTD_MAGIC) throw notInTheFormat('zstd');
  const descriptor = yield 1;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const window = isSingleSegment ? 0 : 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  if (window + dictionary + contentSize > 0) yield window + dictionary + contentSize;
  for (let isLast = false; !isLast; ) {
    const block = yield* littleEndian(3);
    // A block of type RLE holds one byte, whatever its size.
    const length = ((block >> 1) & 3) === 1 ? 1 : block >> 3;
    if (length > 0) yield length;
    isLast = (block & 1) === 1;
  }
  if ((descriptor & 0x04) !== 0) yield ZSTD_CHECKSUM;
}

const ZSTD_MAGIC = 0xfd2fb528;
const isSkippable = (magic: number): boolean => Math.floor(magic / 16) === 0x184d2a5;

/** Whether a gzip member begins with these bytes; null if they are too few to decide. */
export function beginsGzip(bytes: Uint8Array): boolean | null {
  if (bytes.length > 0 && bytes[0] !== 0x1f) return false;
  return bytes.length < 2 ? null : bytes[1] === 0x8b;
}

/** Whether a zstd frame begins with these bytes; null if they are too few to decide. */
export function beginsZstd(bytes: Uint8Array): boolean | null {
  if (bytes.length < 4) return null;
  const magic = Buffer.from(bytes.subarray(0, 4)).readUInt32LE(0);
  return magic === ZSTD_MAGIC || isSkippable(magic);
}

function notInTheFormat(coding: string): ClientError {
  return new ClientError(
    'CONTENT_DAMAGED',
    `The body is damaged or not compressed: Content-Encoding says ${coding}, but the body does not begin as ${coding} data.`,
  );
}
