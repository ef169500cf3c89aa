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

/** Available since Node 22.15, and not in Electron 33. */
const ZSTD = typeof zlib.createZstdDecompress === 'function';

/** Value of Accept-Encoding: the codings that this runtime can decode. */
export const ACCEPTED_CODINGS = ZSTD ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br';

/** More codings than any legitimate response uses. */
const MAX_CODINGS = 5;

/** How a body is coded. */
export type ContentCoding =
  | { readonly kind: 'identity' }
  /** In the order applied: the last is decoded first. */
  | { readonly kind: 'coded'; readonly codings: readonly string[] }
  /** A coding that this runtime cannot decode. */
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
 * Decodes content codings incrementally. Decoded bytes are yielded as early as possible, and only as fast as they are
 * consumed, so that a decompression bomb cannot fill the memory.
 */
export class ContentDecoder {
  readonly #stages: readonly DecodingStage[];
  #fed = false;

  /** `codings` as in `ContentCoding`: each must be decodable. */
  constructor(codings: readonly string[]) {
    this.#stages = codings.toReversed().map((coding) => new DecodingStage(coding));
  }

  /** The number of bytes after the end of the compressed data, and the coding; null if there are none. */
  get excess(): { readonly coding: string; readonly bytes: number } | null {
    return this.#stages.map(({ excess }) => excess).find((excess) => excess.bytes > 0) ?? null;
  }

  /**
   * Yields the decoded bytes, possibly none.
   * @throws ClientError `CONTENT_DAMAGED` or `CONTENT_CHECKSUM`, after yielding everything that could be decoded
   */
  decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
    this.#fed = true;
    return through(this.#stages, bytes);
  }

  /** Ends the input and yields the rest. @throws ClientError `CONTENT_TRUNCATED` if the data is incomplete. */
  async *finish(): AsyncGenerator<Uint8Array, void> {
    // An empty body (HEAD, 204, 304) is not truncated.
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

/** Decodes one coding: a member, or several if the format allows it, and counts the bytes after them. */
class DecodingStage {
  readonly #coding: string;
  #member: CompressedMember | null = null;
  /** Bytes after a member that may begin the next one. */
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
        // The member was closed in the meantime.
        else if (taken === 0) return;
      }
    } catch (error) {
      throw contentProblem(error);
    }
  }

  async *finish(): AsyncGenerator<Uint8Array, void> {
    try {
      // An incomplete beginning is not a member.
      this.#excess += this.#lead.length;
      if (this.#member !== null) yield* this.#member.finish();
    } catch (error) {
      throw contentProblem(error);
    }
  }

  close(): void {
    this.#member?.close();
  }

  /** Starts a member if one begins with these bytes, and returns its bytes; otherwise returns none. */
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
 * Whether another member of the coding begins with these bytes; null if they are too few to decide.
 * [spec] RFC 1952 §2.2: "A gzip file consists of a series of "members""; RFC 8878 §3: "one or more frames".
 */
function beginsAnother(coding: string, bytes: Uint8Array): boolean | null {
  if (coding === 'gzip' || coding === 'x-gzip') return beginsGzip(bytes);
  return coding === 'zstd' ? beginsZstd(bytes) : false;
}
