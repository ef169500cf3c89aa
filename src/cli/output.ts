import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { visibleJson, visibleLines } from '../core/text/visible-text.ts';

/** Thrown where the reader of standard output has gone (as `head` does): nothing is wrong, the command is over. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Bytes that are put together before they are written. */
const BATCH = 64 * 1024;

/**
 * Standard output. Small pieces are put together: they are written when the program next waits for anything, or when
 * there are 64 KiB. A terminal acts on control characters, so it is sent none but line feeds, wherever a text is from;
 * a file or a pipe gets every byte as it is.
 */
export class Output {
  /** The output is a terminal: results are tables for people. */
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  readonly #stream: Writable;
  readonly #closed = new AbortController();
  readonly #decoder = new TextDecoder();
  #pending: string[] = [];
  #length = 0;
  #scheduled = false;

  constructor(stream: Writable & { readonly isTTY?: boolean; readonly columns?: number }) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.width = stream.columns ?? 80;
    stream.on('error', (error) => this.#closed.abort(new OutputClosed('', { cause: error })));
  }

  /** Aborted when nobody reads any more. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Writes text; wait for it before making more. Throws `OutputClosed`. */
  async write(text: string | Uint8Array): Promise<void> {
    this.#closed.signal.throwIfAborted();
    if (this.isTerminal) {
      const shown = typeof text === 'string' ? text : this.#decoder.decode(text, { stream: true });
      return this.#add(visibleLines(shown));
    }
    if (typeof text === 'string') return this.#add(text);
    await this.flush();
    if (!this.#stream.write(text)) await this.#drained();
  }

  async #add(text: string): Promise<void> {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= BATCH) await this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#send();
      });
    }
  }

  /**
   * Writes a JSON text as a line. Control characters that JSON lets stand (U+009B begins an escape sequence) are written
   * as escapes where a terminal shows them, which mean the same.
   */
  writeJson(json: string): Promise<void> {
    return this.write(`${this.isTerminal ? visibleJson(json) : json}\n`);
  }

  /** Resolves when everything was taken by whoever reads it. */
  async flush(): Promise<void> {
    if (!this.#send()) await this.#drained();
    this.#closed.signal.throwIfAborted();
  }

  /** False where the stream wants a pause. */
  #send(): boolean {
    if (this.#pending.length === 0 || this.#closed.signal.aborted) return true;
    const text = this.#pending.join('');
    this.#pending = [];
    this.#length = 0;
    return this.#stream.write(text);
  }

  async #drained(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    try {
      await once(this.#stream, 'drain', { signal: this.#closed.signal });
    } catch (error) {
      this.#closed.signal.throwIfAborted();
      throw error;
    }
  }
}
