import type { ContentDecoder } from './content-decoder.ts';

/** Body bytes as they came off the wire, in one piece of one read. */
export interface WireChunk {
  readonly at: number;
  readonly read: number;
  readonly bytes: Uint8Array;
}

/** Where a body goes, and how it is slowed down. */
export interface PumpOutlet {
  /** A piece of the decoded body; `wireBytes` is what it accounts for, and its bytes may be none. */
  emit(at: number, read: number, wireBytes: number, bytes: Uint8Array): void;
  /** Null while more can be taken, else a promise that settles when it can. Must not reject. */
  pressure(): Promise<void> | null;
  /** Stop reading the socket, and read on. */
  hold(): void;
  release(): void;
  /** The content coding is damaged: nothing more will be emitted. */
  fail(error: unknown): void;
}

/** Wire bytes that may wait for the decoder before the socket is held. */
const WAITING = 64 * 1024;
/** Decoded bytes that an abandoned body may still give: what was received is kept, a bomb is not. */
const LAST_BYTES = 1024 * 1024;
const NOTHING = new Uint8Array(0);

/**
 * Takes a body from the HTTP parser to its outlet, decoded. Without a content coding every piece goes out in the
 * moment it comes; with one it goes out as soon as it is decoded. The socket is held while the outlet is under pressure.
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
  /** Decoded bytes that may still go out. */
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

  /** Waits until the last byte went out. False where the coding turned out to be damaged or cut off: `fail` was called. */
  async finish(): Promise<boolean> {
    await this.#running;
    const last = this.#last;
    if (this.#decoder === null || last === null || this.#failed) return !this.#failed;
    this.#running = this.#pass(this.#decoder.finish(), { ...last, bytes: NOTHING });
    await this.#running;
    return !this.#failed;
  }

  /** Bytes behind the end of the compressed data, so far; null where there are none. */
  get excess(): ContentDecoder['excess'] {
    return this.#decoder?.excess ?? null;
  }

  /** Waits until everything received so far went out. */
  drain(): Promise<void> {
    return this.#running;
  }

  /**
   * Ends it without waiting for the outlet. Decodes what is here already, within reason, and returns how many
   * wire bytes were given up.
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

  /** Emits what comes out for a chunk: its first piece, even an empty one, accounts for the chunk's bytes on the wire. */
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

  /** Holds or releases the socket, as the outlet and the queue are now. */
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
