import { type HeaderList, headerValues } from '../../core/headers.ts';
import * as zlib from 'node:zlib';
import {
  BrotliMember,
  type CompressedMember,
  contentProblem,
  DeflateMember,
  ZstdMember,
} from './compressed-member.ts';
import { beginsGzip, beginsZstd, gzipWrapping, noWrapping, zlibWrapping } from './compression-format.ts';

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
  const codings = headerValues(headers, 'content-encoding')
    .flatMap((value) => value.split(','))
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

  /** Bytes that follow the end of the compressed data, and their coding: they are not decoded. Null where there are none. */
  get excess(): { readonly coding: string; readonly bytes: number } | null {
    return this.#stages.map(({ excess }) => excess).find((excess) => excess.bytes > 0) ?? null;
  }

  /**
   * The bytes that come out for these; none where the coding holds them back.
   * @throws ClientError `CONTENT_DAMAGED` or `CONTENT_CHECKSUM`, after everything that could be decoded
   */
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

const NOTHING = new Uint8Array(0);

/** One coding: a member, or several where the format allows it, and whatever follows. */
class DecodingStage {
  readonly #coding: string;
  #member: CompressedMember | null = null;
  /** Bytes between two members that may be the beginning of the next. */
  #lead: Uint8Array = NOTHING;
  #isFirst = true;
  #excess = 0;

  constructor(coding: string) {
    this.#coding = coding;
  }

  get excess(): { readonly coding: string; readonly bytes: number } {
    return { coding: this.#coding, bytes: this.#excess };
  }

  async *decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
    try {
      for (let rest = bytes; rest.length > 0; ) {
        if (this.#member === null) rest = this.#begin(rest);
        const member = this.#member;
        if (member === null) return;
        const taken = yield* member.decode(rest);
        rest = rest.subarray(taken);
        if (member.over) this.#endMember();
        // Closed meanwhile.
        else if (taken === 0) return;
      }
    } catch (error) {
      throw contentProblem(error);
    }
  }

  async *finish(): AsyncGenerator<Uint8Array, void> {
    try {
      // A beginning that nothing followed is no member.
      this.#excess += this.#lead.length;
      if (this.#member !== null) yield* this.#member.finish();
    } catch (error) {
      throw contentProblem(error);
    }
  }

  close(): void {
    this.#member?.close();
  }

  /** Begins a member where these bytes begin one, and returns what there is of it; nothing otherwise. */
  #begin(bytes: Uint8Array): Uint8Array {
    const lead = this.#lead.length === 0 ? bytes : Buffer.concat([this.#lead, bytes]);
    const begins = this.#excess === 0 && (this.#isFirst || beginsAnother(this.#coding, lead));
    this.#lead = begins === null ? lead : NOTHING;
    if (begins === true) {
      this.#member = memberOf(this.#coding, lead[0] ?? 0);
      return lead;
    }
    if (begins === false) this.#excess += lead.length;
    return NOTHING;
  }

  #endMember(): void {
    this.#member?.close();
    this.#member = null;
    this.#isFirst = false;
  }
}

function isDecodable(coding: string): boolean {
  return ['gzip', 'x-gzip', 'deflate', 'br'].includes(coding) || (coding === 'zstd' && ZSTD);
}

function memberOf(coding: string, first: number): CompressedMember {
  if (coding === 'br') return new BrotliMember();
  if (coding === 'zstd') return new ZstdMember();
  if (coding !== 'deflate') return new DeflateMember(gzipWrapping());
  // [spec] RFC 9110 §8.4.1.2: "Some non-conformant implementations send the "deflate" compressed data without the
  // zlib wrapper." A wrapper's first byte has 8 (deflate) in its low half, which no encoder of raw deflate writes.
  return new DeflateMember((first & 0x0f) === 8 ? zlibWrapping() : noWrapping());
}

/**
 * Whether a format goes on with these bytes after a member of it; null while they are too few to tell.
 * [spec] RFC 1952 §2.2: "A gzip file consists of a series of "members""; RFC 8878 §3: "one or more frames".
 */
function beginsAnother(coding: string, bytes: Uint8Array): boolean | null {
  if (coding === 'gzip' || coding === 'x-gzip') return beginsGzip(bytes);
  return coding === 'zstd' ? beginsZstd(bytes) : false;
}
