import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { visibleJson, visibleLines } from '../core/text/visible-text.ts';

/** Thrown when the reader closed standard output, as `head` does. The command ends without an error. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Characters that are collected before a write. */
const BATCH = 64 * 1024;

/**
 * Standard output. Small pieces are collected and written in the next turn of the event loop, or when there are 64 KiB.
 * Control characters except line feeds are made visible for a terminal. A file or a pipe gets every byte unchanged.
 */
export class Output {
  /** The output is a terminal. */
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

  /** Aborted when the reader has closed standard output. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Writes text. Wait for it before the next write. Throws `OutputClosed`. */
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
   * Writes JSON text as a line. For a terminal, control characters that JSON allows in strings (such as U+009B, which
   * starts an escape sequence) are escaped.
   */
  writeJson(json: string): Promise<void> {
    return this.write(`${this.isTerminal ? visibleJson(json) : json}\n`);
  }

  /** Resolves when the stream has accepted everything. */
  async flush(): Promise<void> {
    if (!this.#send()) await this.#drained();
    this.#closed.signal.throwIfAborted();
  }

  /** False if the stream asks to pause. */
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
