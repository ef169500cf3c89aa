import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Observes a socket. */
export interface SocketObserver {
  /** Called for each read of the socket. Returns the bytes for the HTTP parser. */
  onRead(bytes: Buffer): Uint8Array;
  /** Called when everything written so far was passed to the operating system. */
  onWritten(): void;
}

/** Bytes of the response to keep for error messages. */
const SAMPLE = 64;

/**
 * Sits between the real socket and the HTTP parser. It reports which bytes came from one read, and can pause the real
 * socket between two reads: undici's own pause would split a read.
 */
export class ObservedSocket extends Duplex {
  readonly #inner: Socket;
  readonly #observer: SocketObserver;
  #failure: Error | null = null;
  #sample = Buffer.alloc(0);

  /** `inner` must be connected, and nothing may have been read from it. */
  constructor(inner: Socket, observer: SocketObserver) {
    super({ allowHalfOpen: true });
    this.#inner = inner;
    this.#observer = observer;
    inner.on('data', (bytes: Buffer) => this.#deliver(bytes));
    inner.on('end', () => this.push(null));
    inner.on('error', (error) => (this.#failure = error));
    inner.on('close', () => this.#close());
    // Events before this point are not emitted again.
    if (inner.closed) this.#close();
    else if (inner.readableEnded) this.push(null);
  }

  /** The error that broke the connection, if any. undici hides a reset if the body has no length. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** The first bytes that the server sent. */
  get sample(): Buffer {
    return this.#sample;
  }

  /** Stops reading, so that TCP flow control stops the sender. */
  hold(): void {
    this.#inner.pause();
  }

  /** Resumes reading. */
  release(): void {
    this.#inner.resume();
  }

  override _read(): void {
    // `hold` and `release` control reading. The HTTP parser consumes each read whole, so little is buffered here.
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

  /** Delivers what was read before the connection was lost, then closes. */
  #close(): void {
    for (
      let rest = this.#inner.read() as Buffer | null;
      rest !== null;
      rest = this.#inner.read() as Buffer | null
    ) {
      this.#deliver(rest);
    }
    // The parser consumes pushed bytes in a later tick, and `destroy` would drop them.
    setImmediate(() => this.destroy(this.#failure ?? undefined));
  }
}
