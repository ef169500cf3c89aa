import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { assertNever } from '../../core/assert-never.ts';
import { parseBounded } from '../../core/capture/bounded-json.ts';
import {
  clientNames,
  endReasons,
  type CaptureHeader,
  type CaptureRecord,
  type ChunkRecord,
} from '../../core/capture/record.ts';
import { isTooDeep } from '../../core/capture/ssecap-line.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import { captureOrigins, type CaptureOrigin } from '../../contract/capture-summary.ts';

/*
 * A capture on disk is one append-only file: the eight bytes of `fileMark`, then frames in the order of arrival, the
 * header first. A frame, little endian:
 *
 *   u32 length of the payload | u8 kind | u32 checksum | payload
 *
 * A chunk's payload is f64 at (NaN for null) | f64 read | f64 wireBytes | the bytes, exactly. Members of it that
 * this version does not know are in an `extra` frame before it. Every other payload is a JSON text in UTF-8. The checksum is
 * CRC-32 of the payload, seeded with length and kind, so that it detects a flipped bit in any of the three.
 */

/** The first bytes of every capture file. */
export const fileMark: Uint8Array = new TextEncoder().encode('SSECAP1\n');

/** Bytes of a frame before its payload. */
export const frameHead = 9;
/** Bytes of a chunk's frame before the body bytes. */
export const chunkHead = frameHead + 24;

const kinds = ['header', 'response', 'chunk', 'note', 'end', 'extra'] as const;
export type FrameKind = (typeof kinds)[number];

/** The kind byte of an end record. */
export const endKind = kinds.indexOf('end');

/** The content of the header's frame. */
export interface StoredHeader {
  readonly header: CaptureHeader;
  readonly origin: CaptureOrigin;
}

/** A frame with a correct checksum. Its payload is the bytes [from, to) of `source`. */
export interface Frame {
  readonly kind: FrameKind;
  readonly source: Buffer;
  readonly from: number;
  readonly to: number;
  /** Bytes of the frame in the file. */
  readonly size: number;
}

/** What was found at a position of a file: a frame, the beginning of one, or other bytes. */
export type FrameReading =
  | { readonly state: 'whole'; readonly frame: Frame; readonly end: number }
  | { readonly state: 'cut'; readonly needed: number }
  | { readonly state: 'damaged' };

/** Chunks up to this size are copied behind their head: one piece is cheaper to write than two. */
const copyUpTo = 16 * 1024;

/** A record as the bytes to append, in one or more pieces. A chunk's bytes may be referenced, not copied. */
export function encodeRecord(record: CaptureRecord): Uint8Array[] {
  switch (record.kind) {
    case 'chunk':
      if (record.extra === undefined) return encodeChunk(record);
      return [encodeText('extra', record.extra), ...encodeChunk(record)];
    case 'response':
    case 'note':
    case 'end':
      return [encodeText(record.kind, record)];
    default:
      return assertNever(record);
  }
}

function encodeChunk({ at, read, wireBytes, bytes }: ChunkRecord): Uint8Array[] {
  const copied = bytes.length <= copyUpTo;
  const frame = Buffer.allocUnsafe(copied ? chunkHead + bytes.length : chunkHead);
  frame.writeDoubleLE(at ?? Number.NaN, frameHead);
  frame.writeDoubleLE(read, frameHead + 8);
  frame.writeDoubleLE(wireBytes, frameHead + 16);
  if (copied) frame.set(bytes, chunkHead);
  const length = 24 + bytes.length;
  const kind = kinds.indexOf('chunk');
  const ofHead = crc32(frame.subarray(frameHead), seed(length, kind));
  writeHead(frame, length, kind, copied ? ofHead : crc32(bytes, ofHead));
  return copied ? [frame] : [frame, bytes];
}

/** The beginning of a capture file: the mark and the header's frame. */
export function encodeHeader(stored: StoredHeader): Uint8Array[] {
  return [fileMark, encodeText('header', stored)];
}

function encodeText(kind: FrameKind, value: unknown): Uint8Array {
  const payload = Buffer.from(JSON.stringify(value), 'utf8');
  const frame = Buffer.allocUnsafe(frameHead + payload.length);
  frame.set(payload, frameHead);
  const index = kinds.indexOf(kind);
  writeHead(frame, payload.length, index, crc32(payload, seed(payload.length, index)));
  return frame;
}

function writeHead(frame: Buffer, length: number, kind: number, checksum: number): void {
  frame.writeUInt32LE(length, 0);
  frame.writeUInt8(kind, 4);
  frame.writeUInt32LE(checksum, 5);
}

function seed(length: number, kind: number): number {
  return (length ^ (kind << 29)) >>> 0;
}

/** Reads the frame that begins at `at`. */
export function readFrame(bytes: Buffer, at: number): FrameReading {
  if (bytes.length - at < frameHead) return { state: 'cut', needed: frameHead };
  const length = bytes.readUInt32LE(at);
  const index = bytes.readUInt8(at + 4);
  const kind = kinds[index];
  if (kind === undefined || (kind === 'chunk' && length < 24)) return { state: 'damaged' };
  const end = at + frameHead + length;
  if (end > bytes.length) return { state: 'cut', needed: frameHead + length };
  const from = at + frameHead;
  const payload = new Uint8Array(bytes.buffer, bytes.byteOffset + from, length);
  if (crc32(payload, seed(length, index)) !== bytes.readUInt32LE(at + 5)) return { state: 'damaged' };
  return { state: 'whole', frame: { kind, source: bytes, from, to: end, size: end - at }, end };
}

const at = z.number().nullable();
const headers = z.array(z.tuple([z.string(), z.string()]));
/** Not copied: a copy would lose a member named `__proto__`. */
const members = z.custom<JsonObject>((value) => isJsonObject(value as JsonValue));
const extra = members.optional();
const storedHeader = z.object({
  header: z.object({
    format: z.literal('ssecap'),
    version: z.literal(1),
    request: z.object({
      method: z.string(),
      url: z.string(),
      headers,
      client: z.enum(clientNames),
      body: z.string().optional(),
      extra,
    }),
    startedAt: z.string().refine((time) => !Number.isNaN(Date.parse(time))),
    name: z.string().optional(),
    extra,
  }),
  origin: z.enum(captureOrigins),
});
const record = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('response'),
    at,
    status: z.number().int(),
    headers,
    httpVersion: z.string(),
    url: z.string().optional(),
    extra,
  }),
  z.object({ kind: z.literal('note'), at, note: z.string(), fields: members }),
  z.object({
    kind: z.literal('end'),
    at,
    reason: z.enum(endReasons),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    extra,
  }),
]);

/** The header in a frame; null if the frame has another kind or content. */
export function headerOf(frame: Frame): StoredHeader | null {
  if (frame.kind !== 'header') return null;
  const parsed = storedHeader.safeParse(parseJson(frame));
  return parsed.success ? (parsed.data as StoredHeader) : null;
}

/**
 * The result of a frame: the record that it completes; `begun` if it only begins one; `damaged` if its checksum is correct but
 * its content is not what this program writes.
 */
export type DecodedFrame =
  | { readonly state: 'record'; readonly record: CaptureRecord }
  | { readonly state: 'begun' }
  | { readonly state: 'damaged' };

const damaged: DecodedFrame = { state: 'damaged' };

/** Decodes frames into records. A chunk's bytes are a view of its frame's. */
export class RecordDecoder {
  #extra: JsonObject | null = null;

  decode(frame: Frame): DecodedFrame {
    // An `extra` frame must be followed by its chunk.
    if (this.#extra !== null && frame.kind !== 'chunk') return damaged;
    switch (frame.kind) {
      case 'chunk':
        return this.#chunk(frame);
      case 'extra': {
        const value = parseJson(frame);
        if (value === undefined || !isJsonObject(value) || isTooDeep(value)) return damaged;
        this.#extra = value;
        return { state: 'begun' };
      }
      case 'response':
      case 'note':
      case 'end': {
        const value = parseJson(frame);
        if (value === undefined || isTooDeep(value)) return damaged;
        const parsed = record.safeParse(value);
        if (!parsed.success || parsed.data.kind !== frame.kind) return damaged;
        // The schema follows the record's type, but for `undefined`, which JSON does not have.
        return { state: 'record', record: parsed.data as CaptureRecord };
      }
      case 'header':
        return damaged;
      default:
        return assertNever(frame.kind);
    }
  }

  #chunk({ source, from, to }: Frame): DecodedFrame {
    const { at, read, wireBytes } = chunkFacts(source, from);
    if ((at !== null && !Number.isFinite(at)) || !isCount(read) || !isCount(wireBytes)) return damaged;
    const start = from + chunkHead - frameHead;
    const bytes = new Uint8Array(source.buffer, source.byteOffset + start, to - start);
    const chunk: ChunkRecord = { kind: 'chunk', at, read, wireBytes, bytes };
    const extra = this.#extra;
    this.#extra = null;
    return { state: 'record', record: extra === null ? chunk : { ...chunk, extra } };
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** The head of a chunk's payload, which begins at `from`. */
export function chunkFacts(source: Buffer, from: number): Pick<ChunkRecord, 'at' | 'read' | 'wireBytes'> {
  const at = source.readDoubleLE(from);
  const [read, wireBytes] = [source.readDoubleLE(from + 8), source.readDoubleLE(from + 16)];
  return { at: Number.isNaN(at) ? null : at, read, wireBytes };
}

/** The JSON value of a frame; undefined if it is not valid JSON. */
function parseJson({ source, from, to }: Frame): JsonValue | undefined {
  const parsed = parseBounded(source.toString('utf8', from, to));
  return 'problem' in parsed ? undefined : parsed.value;
}
