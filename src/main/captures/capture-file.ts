import { open, type FileHandle } from 'node:fs/promises';
import type { CaptureRecord } from '../../core/capture/record.ts';
import {
  endKind,
  fileMark,
  headerOf,
  readFrame,
  RecordDecoder,
  type Frame,
  type StoredHeader,
} from './capture-frame.ts';
import { CaptureScanner, type FileDamage } from './capture-scanner.ts';
import type { WrittenRecord } from './capture-writer.ts';

/** Bytes at the end of a file that are searched for an end record. */
const tailSize = 64 * 1024;

/** Reads a capture file in order. */
export class CaptureFile {
  /** Null if it is damaged or incomplete. */
  readonly header: StoredHeader | null;
  /** Where the first record begins. */
  readonly start: number;
  #size: number;
  readonly #scanner: CaptureScanner;
  readonly #decoder = new RecordDecoder();
  #first: readonly Frame[];
  /** Bytes of the frames of an unfinished record. */
  #begun = 0;
  /** Where the last record ends. */
  #end: number;
  /** A frame with a correct checksum had wrong content. */
  #isWrong: boolean;

  private constructor(
    size: number,
    scanner: CaptureScanner,
    header: StoredHeader | null,
    start: number,
    first: readonly Frame[],
  ) {
    this.#size = size;
    this.#scanner = scanner;
    this.header = header;
    this.start = start;
    this.#end = header === null ? 0 : start;
    this.#isWrong = header === null && scanner.damage === null && size > 0;
    this.#first = first;
  }

  /** Begins to read a file, or its first `most` bytes. Rejects with the file system's error; damage is not an error. */
  static async begin(handle: FileHandle, most = Number.POSITIVE_INFINITY): Promise<CaptureFile> {
    const size = Math.min((await handle.stat()).size, most);
    const scanner = new CaptureScanner(handle, size);
    const [first, ...rest] = (await scanner.next()) ?? [];
    const header = first === undefined ? null : headerOf(first);
    const start = fileMark.length + (first?.size ?? 0);
    return new CaptureFile(size, scanner, header, start, header === null ? [] : rest);
  }

  /** Bytes of the file to read. */
  get size(): number {
    return this.#size;
  }

  /** The file has grown: `next` continues after it returned null. */
  extend(size: number): void {
    this.#size = Math.max(this.#size, size);
    this.#scanner.extend(size);
  }

  /** Why reading stopped before the end of the file; null if it did not. */
  get damage(): FileDamage | null {
    if (this.#isWrong) return { kind: 'damaged', bytes: this.#size - this.#end };
    return this.#scanner.damage;
  }

  /** The next records with their sizes in the file; null after the last. */
  async next(): Promise<WrittenRecord[] | null> {
    if (this.header === null || this.#isWrong) return null;
    const frames = this.#first.length > 0 ? this.#first : await this.#scanner.next();
    this.#first = [];
    return frames === null ? null : this.#records(frames);
  }

  #records(frames: readonly Frame[]): WrittenRecord[] {
    const records: WrittenRecord[] = [];
    for (const frame of frames) {
      const decoded = this.#decoder.decode(frame);
      if (decoded.state === 'damaged') {
        this.#isWrong = true;
        break;
      }
      this.#begun += frame.size;
      if (decoded.state === 'begun') continue;
      records.push({ record: decoded.record, size: this.#begun });
      this.#end += this.#begun;
      this.#begun = 0;
    }
    return records;
  }
}

/** The header of a capture file and whether it has an end record, without reading the rest. */
export async function readHeaderAndEnd(
  path: string,
): Promise<{ readonly header: StoredHeader | null; readonly hasEnd: boolean }> {
  const handle = await open(path, 'r');
  try {
    const { header, size } = await CaptureFile.begin(handle);
    const tail = Buffer.alloc(Math.min(size, tailSize));
    await handle.read(tail, 0, tail.length, size - tail.length);
    return { header, hasEnd: endsWithEnd(tail) };
  } finally {
    await handle.close();
  }
}

/** Whether the last record is an end record. */
function endsWithEnd(tail: Buffer): boolean {
  for (let at = tail.length - 1; at >= 0; at -= 1) {
    const reading = tail[at + 4] === endKind ? readFrame(tail, at) : null;
    if (reading?.state === 'whole' && reading.end === tail.length && reading.frame.kind === 'end')
      return true;
  }
  return false;
}

/** The complete records in the first `size` bytes of a capture file, in order. */
export async function* readRecords(path: string, size: number): AsyncGenerator<CaptureRecord, void> {
  const handle = await open(path, 'r');
  try {
    const file = await CaptureFile.begin(handle, size);
    for (let records = await file.next(); records !== null; records = await file.next()) {
      for (const { record } of records) yield record;
    }
  } finally {
    await handle.close();
  }
}
