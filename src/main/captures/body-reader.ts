import type { FileHandle } from 'node:fs/promises';
import { Refusal } from '../../contract/refusal.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import type { CaptureRecord, ChunkRecord } from '../../core/capture/record.ts';
import { chunkFacts, chunkHead, frameHead, readFrame, RecordDecoder } from './capture-frame.ts';
import type { RecordMap } from './record-map.ts';

/** What is kept of a chunk on disk only. */
export interface StoredChunk extends Pick<ChunkRecord, 'at' | 'read' | 'wireBytes'> {
  /** Its first bytes. */
  readonly beginning: Uint8Array;
}

/** Most bytes of one read of several chunks. */
const runBytes = 256 * 1024;

/** Reads parts of a capture back from its file. */
export class BodyReader {
  readonly #handle: FileHandle;
  readonly #index: CaptureIndex;
  readonly #map: RecordMap;

  constructor(handle: FileHandle, index: CaptureIndex, map: RecordMap) {
    this.#handle = handle;
    this.#index = index;
    this.#map = map;
  }

  /** The bytes of a range of the body, which must be on disk already. */
  async read(range: ByteRange): Promise<Uint8Array> {
    const size = range.end - range.start;
    const body = new Uint8Array(size);
    if (size === 0) return body;
    const [first, last] = this.#index.chunksOf(range);
    const from = this.#placeOfByte(first, range.start);
    const to = this.#placeOfByte(last, range.end);
    const bytes = await this.#readFile(from, to);
    let done = 0;
    for (let chunk = first; chunk <= last; chunk += 1) {
      const own = this.#index.chunkRange(chunk);
      const start = Math.max(own.start, range.start);
      const end = Math.min(own.end, range.end);
      if (start >= end) continue;
      const at = this.#placeOfByte(chunk, start) - from;
      body.set(bytes.subarray(at, at + end - start), done);
      done += end - start;
    }
    return body;
  }

  /** The chunks [from, to), each with its first `most` bytes. */
  async chunks(from: number, to: number, most: number): Promise<StoredChunk[]> {
    const chunks: Promise<StoredChunk>[] = [];
    const end = (chunk: number): number => {
      const range = this.#index.chunkRange(chunk);
      return this.#map.chunkPlace(chunk) + chunkHead + Math.min(range.end - range.start, most);
    };
    let run = from;
    // Neighbouring chunks are read together, with the records between them.
    for (let chunk = from; chunk < to; chunk += 1) {
      const base = this.#map.chunkPlace(run);
      if (chunk + 1 < to && end(chunk + 1) - base <= runBytes) continue;
      const bytes = this.#readFile(base, end(chunk));
      for (let at = run; at <= chunk; at += 1) {
        const place = this.#map.chunkPlace(at) - base;
        const last = end(at) - base;
        chunks.push(
          bytes.then((buffer) => ({
            ...chunkFacts(buffer, place + frameHead),
            beginning: buffer.subarray(place + chunkHead, last),
          })),
        );
      }
      run = chunk + 1;
    }
    return Promise.all(chunks);
  }

  /** A record other than a chunk, by its number among these; null for a frame that only extends a chunk. */
  async record(number: number): Promise<CaptureRecord | null> {
    const { start, end } = this.#map.place(number);
    const reading = readFrame(await this.#readFile(start, end), 0);
    if (reading.state !== 'whole') throw changedOnDisk();
    const decoded = new RecordDecoder().decode(reading.frame);
    return decoded.state === 'record' ? decoded.record : null;
  }

  #placeOfByte(chunk: number, byte: number): number {
    return this.#map.chunkPlace(chunk) + chunkHead + byte - this.#index.chunkRange(chunk).start;
  }

  async #readFile(from: number, to: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(to - from);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) throw changedOnDisk();
      filled += bytesRead;
    }
    return bytes;
  }
}

function changedOnDisk(): Refusal {
  return new Refusal('storage', 'The file of this capture was changed. Open the capture again.');
}
