import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** What happens on a socket, as it happens. */
export interface SocketObserver {
  /** One read of the socket delivered bytes. Returns what the HTTP parser is to see, before the next read. */
  onRead(bytes: Buffer): Uint8Array;
  /** Everything written so far was handed to the operating system. */
  onWritten(): void;
}

/** Bytes of the answer's beginning that are kept, for the HTTP version and for error messages. */
const SAMPLE = 64;

/**
 * A socket between the real one and the HTTP parser. It tells which bytes came out of one read, and it can hold
 * the real socket between two reads without loss: undici's own pause would cut a read in two.
 */
export class ObservedSocket extends Duplex {
  readonly #inner: Socket;
  readonly #observer: SocketObserver;
  #failure: Error | null = null;
  #sample = Buffer.alloc(0);

  /** `inner` must be connected, and nothing read from it yet. */
  constructor(inner: Socket, observer: SocketObserver) {
    super({ allowHalfOpen: true });
    this.#inner = inner;
    this.#observer = observer;
    inner.on('data', (bytes: Buffer) => this.#deliver(bytes));
    inner.on('end', () => this.push(null));
    inner.on('error', (error) => (this.#failure = error));
    inner.on('close', () => this.#close());
    // What happened to the socket before it was given to us is not told again.
    if (inner.closed) this.#close();
    else if (inner.readableEnded) this.push(null);
  }

  /** The error that broke the connection, if one did. undici hides a reset where the body has no length. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** The first bytes that the server sent. */
  get sample(): Buffer {
    return this.#sample;
  }

  /** Stops reading; the sender meets a full window. */
  hold(): void {
    this.#inner.pause();
  }

  /** Reads on. */
  release(): void {
    this.#inner.resume();
  }

  override _read(): void {
    // Reads are governed by hold and release: the HTTP parser takes every read whole, so little is ever kept here.
  }

  override _write(bytes: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#inner.write(bytes, encoding, (error) => {
      callback(error);
      if (!error && this.writableLength === 0) this.#observer.onWritten();
    });
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#inner.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#inner.destroy();
    callback(error);
  }

  #deliver(bytes: Buffer): void {
    if (this.#sample.length < SAMPLE) {
      this.#sample = Buffer.concat([this.#sample, bytes.subarray(0, SAMPLE - this.#sample.length)]);
    }
    const rest = this.#observer.onRead(bytes);
    if (rest.length > 0) this.push(rest);
  }

  /** Passes on what was read before the connection broke, then the break. */
  #close(): void {
    for (
      let rest = this.#inner.read() as Buffer | null;
      rest !== null;
      rest = this.#inner.read() as Buffer | null
    ) {
      this.#deliver(rest);
    }
    // The parser takes what was pushed in a tick of its own, and `destroy` would drop it.
    setImmediate(() => this.destroy(this.#failure ?? undefined));
  }
}
