import { useMemo, useReducer } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { BodyBytes } from '../../contract/item.ts';
import { decodeBase64 } from '../../core/capture/base64.ts';
import { callHost } from '../state/host.ts';

/** Size of a window in bytes. Windows begin at multiples of it. */
export const WINDOW = 16 * 1024;
/** Windows kept: 2 MiB, far more than is ever visible. */
const KEPT = 128;

/** Asks the host for bytes [start, end) of the body. */
export type AskBytes = (start: number, end: number) => Promise<BodyBytes>;

/**
 * The bytes of one capture's body, loaded in windows as they become visible. Only the most recently used windows are kept.
 */
export class ByteWindows {
  readonly #ask: AskBytes;
  readonly #changed: () => void;
  /** By window number, least recently used first. */
  readonly #windows = new Map<number, Uint8Array>();
  readonly #asked = new Set<number>();
  #wanted = { start: 0, end: 0 };
  /** Why the last window could not be loaded; null if it could. */
  problem: string | null = null;

  /** @param changed called whenever a window was loaded or could not be */
  constructor(ask: AskBytes, changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /** The byte at `position`; undefined if it is not loaded. */
  byteAt(position: number): number | undefined {
    return this.#windows.get(Math.floor(position / WINDOW))?.[position % WINDOW];
  }

  /** Loads the missing windows of [start, end). The body must be at least `end` bytes long. */
  want(start: number, end: number): void {
    this.#wanted = { start, end };
    for (let number = Math.floor(start / WINDOW); number * WINDOW < end; number++) {
      const needed = Math.min(WINDOW, end - number * WINDOW);
      const known = this.#windows.get(number);
      if (known !== undefined && known.length >= needed) {
        this.#windows.delete(number);
        this.#windows.set(number, known);
        continue;
      }
      if (!this.#asked.has(number)) void this.#fetch(number);
    }
  }

  /** Tries again to load what was last wanted. */
  retry(): void {
    this.problem = null;
    this.want(this.#wanted.start, this.#wanted.end);
    this.#changed();
  }

  async #fetch(number: number): Promise<void> {
    if (this.problem !== null) return;
    this.#asked.add(number);
    try {
      const answer = await this.#ask(number * WINDOW, (number + 1) * WINDOW);
      this.#windows.delete(number);
      this.#windows.set(number, bytesOf(answer));
      for (const oldest of this.#windows.keys()) {
        if (this.#windows.size <= KEPT) break;
        this.#windows.delete(oldest);
      }
    } catch (error) {
      // Shown to the user: asking again in a loop would not help.
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.#asked.delete(number);
      this.#changed();
    }
  }
}

/** Decodes the bytes that the host sent. */
export function bytesOf({ base64 }: BodyBytes): Uint8Array {
  const bytes = decodeBase64(base64);
  if (bytes === null) throw new Error('The answer with the bytes is not base64.');
  return bytes;
}

/** The body of a capture as windows of bytes; renders again when one is loaded. */
export function useBytes(capture: CaptureId): ByteWindows {
  const [, changed] = useReducer((version: number) => version + 1, 0);
  return useMemo(
    () => new ByteWindows((start, end) => callHost('capture.bytes', { capture, start, end }), changed),
    [capture],
  );
}
