import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { visibleJson, visibleLines } from '../core/text/visible-text.ts';
import { type Line, rendered, spansOf, visible, wrap } from './styled-text.ts';

/** Thrown when the reader closed standard output, as `head` does. The command ends without an error. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Characters that are collected before a write. */
const BATCH = 64 * 1024;

/** A terminal that says it is narrower is not believed. */
const MIN_WIDTH = 20;

/**
 * Standard output. Small pieces are collected and written in the next turn of the event loop, or when there are 64 KiB.
 * Control characters except line feeds are made visible for a terminal. A file or a pipe gets every byte unchanged.
 */
export class Output {
  /** The output is a terminal. */
  readonly isTerminal: boolean;
  /** Styles of lines are shown as colors. */
  colors = false;
  readonly #stream: Writable & { readonly columns?: number };
  readonly #closed = new AbortController();
  readonly #decoder = new TextDecoder();
  #pending: string[] = [];
  #length = 0;
  #scheduled = false;

  constructor(stream: Writable & { readonly isTTY?: boolean; readonly columns?: number }) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    stream.on('error', (error) => this.#closed.abort(new OutputClosed('', { cause: error })));
  }

  /** Columns of the terminal, also after it was resized. */
  get width(): number {
    // Some terminals say 0 if they do not know.
    return Math.max(MIN_WIDTH, this.#stream.columns || 80);
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

  /**
   * Writes a line of text for people, wrapped to the width of the terminal.
   * @param indent columns before the second and following lines
   */
  async writeLine(line: Line, indent = 0): Promise<void> {
    const lines = wrap(visible(line), this.width, Math.min(indent, this.width - MIN_WIDTH / 2));
    return this.writeRows(lines);
  }

  /** Writes lines of text for people that already fit the width. */
  async writeRows(lines: readonly Line[]): Promise<void> {
    this.#closed.signal.throwIfAborted();
    const text = lines.map((line) => rendered(spansOf(line), this.colors).trimEnd());
    return this.#add(`${text.join('\n')}\n`);
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
