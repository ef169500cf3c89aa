import type { FileHandle } from 'node:fs/promises';
import { fileMark, frameHead, readFrame, type Frame } from './capture-frame.ts';

/** What one read of a capture file takes at least. */
const readSize = 256 * 1024;

/** Why a capture file could not be read to its end, and how many bytes were left. */
export interface FileDamage {
  /** `torn`: the last record is not whole, as after a crash. `damaged`: bytes that were not written so. */
  readonly kind: 'torn' | 'damaged';
  readonly bytes: number;
}

/**
 * Reads the frames of a capture file in their order, a piece of the file at a time, the next piece while the last is
 * worked on. It stops at the first frame that is not whole or whose checksum is wrong: without it nothing behind it
 * has a certain place in the body.
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

  /** Reads the file's first `size` bytes: what is behind them is being written. */
  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  /** Why it stopped before the end; null while it did not. */
  get damage(): FileDamage | null {
    return this.#damage;
  }

  /**
   * The file has grown to `size` bytes: `next` goes on behind the last whole frame. What was torn or damaged there may
   * have been half written, and is read again.
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

  /** Where in the file the last whole frame so far ends. */
  get goodEnd(): number {
    return this.#goodEnd;
  }

  /** The next frames, at least one; null behind the last. */
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
      // It is awaited by the next call, which is where it is told; here it only must not count as unheard of.
      this.#reading.catch(() => {});
    }
    return frames;
  }

  #stop(kind: FileDamage['kind'], frames: Frame[]): Frame[] {
    this.#damage = { kind, bytes: this.#size - this.#goodEnd };
    return frames;
  }

  /** Reads the next piece, behind what is left of the last, so that at least `needed` bytes are there. */
  async #read(needed: number): Promise<Buffer> {
    const rest = this.#rest;
    const wanted = Math.min(Math.max(readSize, needed - rest.length), this.#size - this.#position);
    const bytes = Buffer.allocUnsafeSlow(rest.length + wanted);
    bytes.set(rest);
    let filled = rest.length;
    while (filled < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, filled, bytes.length - filled, this.#position);
      if (bytesRead === 0) {
        // Somebody made the file shorter meanwhile.
        this.#size = this.#position;
        break;
      }
      filled += bytesRead;
      this.#position += bytesRead;
    }
    return bytes.subarray(0, filled);
  }
}
