import type { FileHandle } from 'node:fs/promises';
import { fileMark, frameHead, readFrame, type Frame } from './capture-frame.ts';

/** Least bytes of one read. */
const readSize = 256 * 1024;

/** Why a capture file could not be read to its end, and how many bytes are left. */
export interface FileDamage {
  /** `torn`: the last record is incomplete, as after a crash. `damaged`: the bytes are not what was written. */
  readonly kind: 'torn' | 'damaged';
  readonly bytes: number;
}

/**
 * Reads the frames of a capture file in order, and the next piece of the file while the last one is processed. It stops at the
 * first frame that is incomplete or has a wrong checksum: the position of what follows in the body would be unknown.
 */
export class CaptureScanner {
  readonly #handle: FileHandle;
  #size: number;
  #position = 0;
  #rest: Buffer = Buffer.alloc(0);
  #reading: Promise<Buffer> | null = null;
  #started = false;
  #damage: FileDamage | null = null;
  #goodEnd = 0;

  /** Reads the file's first `size` bytes. */
  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  /** Why it stopped before the end; null if it did not. */
  get damage(): FileDamage | null {
    return this.#damage;
  }

  /**
   * The file has grown to `size` bytes: `next` continues after the last complete frame. What was torn or damaged there may
   * have been written only in part, and is read again.
   */
  extend(size: number): void {
    if (size <= this.#size) return;
    this.#size = size;
    this.#damage = null;
    this.#rest = Buffer.alloc(0);
    this.#position = this.#goodEnd;
    this.#started = this.#goodEnd > 0;
    this.#reading = null;
  }

  /** Where the last complete frame ends in the file. */
  get goodEnd(): number {
    return this.#goodEnd;
  }

  /** The next frames, at least one; null after the last. */
  async next(): Promise<readonly Frame[] | null> {
    while (this.#damage === null) {
      const bytes = await (this.#reading ?? this.#read(0));
      this.#reading = null;
      const frames = this.#frames(bytes);
      if (frames.length > 0) return frames;
      if (this.#reading === null) return null;
    }
    return null;
  }

  #frames(bytes: Buffer): Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    if (!this.#started && bytes.length >= fileMark.length) {
      this.#started = true;
      if (Buffer.compare(bytes.subarray(0, fileMark.length), fileMark) !== 0)
        return this.#stop('damaged', frames);
      at = fileMark.length;
      this.#goodEnd = at;
    }
    let needed = this.#started ? frameHead : fileMark.length;
    while (this.#started) {
      const reading = readFrame(bytes, at);
      if (reading.state === 'damaged') return this.#stop('damaged', frames);
      if (reading.state === 'cut') {
        needed = reading.needed;
        break;
      }
      frames.push(reading.frame);
      this.#goodEnd += reading.end - at;
      at = reading.end;
    }
    this.#rest = bytes.subarray(at);
    if (this.#goodEnd + needed > this.#size) {
      if (this.#goodEnd < this.#size) this.#stop('torn', frames);
    } else {
      this.#reading = this.#read(needed);
      // The next call awaits it and reports its error. Until then it must not count as unhandled.
      this.#reading.catch(() => {});
    }
    return frames;
  }

  #stop(kind: FileDamage['kind'], frames: Frame[]): Frame[] {
    this.#damage = { kind, bytes: this.#size - this.#goodEnd };
    return frames;
  }

  /** Reads the next piece and appends it to the rest of the last one: at least `needed` bytes together. */
  async #read(needed: number): Promise<Buffer> {
    const rest = this.#rest;
    const wanted = Math.min(Math.max(readSize, needed - rest.length), this.#size - this.#position);
    const bytes = Buffer.allocUnsafeSlow(rest.length + wanted);
    bytes.set(rest);
    let filled = rest.length;
    while (filled < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, filled, bytes.length - filled, this.#position);
      if (bytesRead === 0) {
        // The file was truncated while it was read.
        this.#size = this.#position;
        break;
      }
      filled += bytesRead;
      this.#position += bytesRead;
    }
    return bytes.subarray(0, filled);
  }
}
