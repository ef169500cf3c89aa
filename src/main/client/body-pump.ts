import type { ContentDecoder } from './content-decoder.ts';

/** A piece of the body as received, from one read of the socket. */
export interface WireChunk {
  readonly at: number;
  readonly read: number;
  readonly bytes: Uint8Array;
}

/** Receives a decoded body, and controls its flow. */
export interface PumpOutlet {
  /** A piece of the decoded body, which may be empty; `wireBytes` is how many bytes on the wire it accounts for. */
  emit(at: number, read: number, wireBytes: number, bytes: Uint8Array): void;
  /** Null while the outlet accepts more, otherwise a promise that settles when it does. Must not reject. */
  pressure(): Promise<void> | null;
  /** Stops reading the socket. */
  hold(): void;
  /** Reads the socket again. */
  release(): void;
  /** The body cannot be decoded any further: nothing more is emitted. */
  fail(error: unknown): void;
}

/** Bytes that may be queued for the decoder before the socket is held. */
const WAITING = 64 * 1024;
/** Decoded bytes that `abandon` still emits: keeps what was received, and stops a decompression bomb. */
const LAST_BYTES = 1024 * 1024;
const NOTHING = new Uint8Array(0);

/**
 * Passes a body from the HTTP parser to its outlet and decodes it. Without a content coding, each piece is emitted at
 * once; with one, as soon as it is decoded. The socket is held while the outlet is under pressure.
 */
export class BodyPump {
  readonly #outlet: PumpOutlet;
  readonly #decoder: ContentDecoder | null;
  readonly #queue: WireChunk[] = [];
  #waiting = 0;
  #last: WireChunk | null = null;
  #held = false;
  #watching: Promise<void> | null = null;
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;
  #failed = false;
  /** Decoded bytes that may still be emitted. */
  #allowance = Number.POSITIVE_INFINITY;
  #resume: (() => void) | null = null;

  constructor(outlet: PumpOutlet, decoder: ContentDecoder | null) {
    this.#outlet = outlet;
    this.#decoder = decoder;
  }

  push(chunk: WireChunk): void {
    if (this.#failed) return;
    this.#last = chunk;
    if (this.#decoder === null) {
      this.#outlet.emit(chunk.at, chunk.read, chunk.bytes.length, chunk.bytes);
    } else {
      this.#queue.push(chunk);
      this.#waiting += chunk.bytes.length;
      if (!this.#isRunning) this.#running = this.#run(this.#decoder);
    }
    this.#updateHold();
  }

  /**
   * Waits until the last byte is emitted. Resolves to false if the body was damaged or truncated: `fail` was called.
   */
  async finish(): Promise<boolean> {
    await this.#running;
    const last = this.#last;
    if (this.#decoder === null || last === null || this.#failed) return !this.#failed;
    this.#running = this.#pass(this.#decoder.finish(), { ...last, bytes: NOTHING });
    await this.#running;
    return !this.#failed;
  }

  /** Bytes after the end of the compressed data so far, or null. */
  get excess(): ContentDecoder['excess'] {
    return this.#decoder?.excess ?? null;
  }

  /** Waits until everything received so far is emitted. */
  drain(): Promise<void> {
    return this.#running;
  }

  /**
   * Ends the body without waiting for the outlet. Decodes up to `LAST_BYTES` of what was already received, and returns
   * how many bytes on the wire were dropped.
   */
  async abandon(): Promise<number> {
    this.#allowance = LAST_BYTES;
    this.#resume?.();
    await this.#running;
    this.#decoder?.close();
    return this.#waiting;
  }

  async #run(decoder: ContentDecoder): Promise<void> {
    this.#isRunning = true;
    for (let chunk = this.#queue.shift(); chunk !== undefined; chunk = this.#queue.shift()) {
      await this.#pass(decoder.decode(chunk.bytes), chunk);
      if (this.#failed || this.#allowance < 0) break;
      this.#waiting -= chunk.bytes.length;
      this.#updateHold();
    }
    this.#isRunning = false;
  }

  /** Emits the decoded pieces of a chunk. The first one, even if empty, accounts for the chunk's bytes on the wire. */
  async #pass(pieces: AsyncIterable<Uint8Array>, chunk: WireChunk): Promise<void> {
    let wireBytes = chunk.bytes.length;
    const emit = (bytes: Uint8Array): void => {
      this.#outlet.emit(chunk.at, chunk.read, wireBytes, bytes);
      wireBytes = 0;
    };
    try {
      for await (const piece of pieces) {
        emit(piece);
        this.#allowance -= piece.length;
        if (this.#allowance < 0) return;
        await this.#untilRelieved();
      }
      if (wireBytes > 0) emit(NOTHING);
    } catch (error) {
      if (wireBytes > 0) emit(NOTHING);
      this.#failed = true;
      this.#outlet.fail(error);
    }
  }

  /** Waits while the outlet is under pressure, unless the body was abandoned. */
  async #untilRelieved(): Promise<void> {
    for (;;) {
      const pressure = this.#outlet.pressure();
      if (pressure === null || this.#allowance !== Number.POSITIVE_INFINITY) return;
      this.#updateHold();
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
        void pressure.then(resolve);
      });
      this.#resume = null;
    }
  }

  /** Holds or releases the socket, depending on the outlet and the queue. */
  #updateHold(): void {
    const pressure = this.#outlet.pressure();
    if (pressure !== null && pressure !== this.#watching) {
      this.#watching = pressure;
      void pressure.then(() => this.#updateHold());
    }
    const hold = pressure !== null || this.#waiting > WAITING;
    if (hold === this.#held) return;
    this.#held = hold;
    if (hold) this.#outlet.hold();
    else this.#outlet.release();
  }
}
