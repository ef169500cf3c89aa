import type { CaptureTime } from '../capture-time.ts';
import { JsonScanner } from './json-scanner.ts';
import type { JsonValue } from './json-value.ts';
import { skipWhiteSpace } from './json-token.ts';
import type { JsonProblem, Payload, PayloadState } from './payload.ts';

/** One JSON text, assembled from the data of one or more events; or the data of one event without JSON. */
export interface JsonDocument {
  /** Number of the document, from 0. */
  readonly index: number;
  readonly state: PayloadState;
  /** As in `Payload`, with an index in `text`. */
  readonly problem: JsonProblem | null;
  /** The parsed value of a `complete` document that is the whole data of one event. See `documentValue`. */
  readonly value: JsonValue | undefined;
  /** `seq` of the first and the last event with text of it. */
  readonly events: readonly [first: number, last: number];
  /** Numbers of their blocks. */
  readonly blocks: readonly [first: number, last: number];
  /** The data of those events, concatenated, from `from` of the first to `to` of the last. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Arrival of the last event. */
  readonly at: CaptureTime;
}

/** The value of a complete document, parsed again only if it was assembled or divided; else undefined. */
export function documentValue({ state, value, text }: JsonDocument): JsonValue | undefined {
  if (state !== 'complete') return undefined;
  return value === undefined ? (JSON.parse(text) as JsonValue) : value;
}

/** What `Documents` reads of a dispatched event. */
export interface DataEvent {
  readonly seq: number;
  /** Number of its block. */
  readonly block: number;
  readonly data: string;
  readonly payload: Payload;
  readonly at: CaptureTime;
}

/** How much of an incomplete JSON text is buffered. */
export interface DocumentLimits {
  /** UTF-16 code units of a text from several events. */
  readonly length: number;
  readonly events: number;
}

const defaultLimits: DocumentLimits = { length: 16 * 1024 * 1024, events: 65_536 };

/**
 * Assembles JSON texts that span several events, and divides events with several JSON texts.
 *
 * An event with the beginning of an object or array opens a buffer. The next events are added while the text can still
 * become JSON. A complete text is one document. If an event does not continue it, if the buffer exceeds its limits, or
 * if the stream ends, the buffer is given up: each of its events becomes a document with its own state and is not tried
 * again. So each character is read a fixed number of times.
 */
export class Documents {
  readonly #emit: (document: JsonDocument) => void;
  readonly #limits: DocumentLimits;
  #count = 0;
  /** State of the text in the buffer. */
  #scanner = new JsonScanner();
  /** Tries the texts after the first in an event, and is then swapped with the other scanner. */
  #spare = new JsonScanner();
  #buffer: DataEvent[] = [];
  #bufferLength = 0;
  /** Where the buffered text begins in its first event. */
  #bufferFrom = 0;

  constructor(emit: (document: JsonDocument) => void, limits: DocumentLimits = defaultLimits) {
    this.#emit = emit;
    this.#limits = limits;
  }

  /** Events whose text is incomplete. */
  get waiting(): number {
    return this.#buffer.length;
  }

  push(event: DataEvent): void {
    if (this.#buffer.length > 0) {
      if (this.#continue(event)) return;
      this.#giveUp();
    }
    const { state } = event.payload;
    if (state === 'partial') {
      this.#open(event, 0);
      this.#scanner.reset();
      this.#scanner.feed(event.data, 0);
    } else if (state === 'malformed' && this.#tail(event.data, 0) !== null) {
      this.#emitTexts(event, 0);
    } else {
      this.#emitAlone(event, 0);
    }
  }

  /** Ends the body: incomplete texts stay incomplete. */
  end(): void {
    this.#giveUp();
  }

  /** Adds an event to the buffer, unless its data cannot continue the text. */
  #continue(event: DataEvent): boolean {
    const { data } = event;
    const end = this.#scanner.feed(data, 0);
    if (this.#scanner.failed) return false;
    if (!this.#scanner.done) {
      this.#buffer.push(event);
      this.#bufferLength += data.length;
      if (this.#bufferLength > this.#limits.length || this.#buffer.length >= this.#limits.events)
        this.#giveUp();
      return true;
    }
    const rest = skipWhiteSpace(data, end);
    const hasMore = rest < data.length;
    if (hasMore && this.#tail(data, rest) === null) return false;
    this.#emitBuffer(event, hasMore ? end : data.length);
    if (hasMore) this.#emitTexts(event, rest);
    return true;
  }

  /**
   * Reads `data` from index `from` as JSON objects and arrays, one after the other.
   * @returns where the last one begins if it is incomplete; the length if all are complete; null if there is anything
   * else
   */
  #tail(data: string, from: number): number | null {
    const scanner = this.#spare;
    let at = skipWhiteSpace(data, from);
    while (at < data.length) {
      scanner.reset();
      const end = scanner.feed(data, at);
      if (scanner.failed) return null;
      if (!scanner.done) return at;
      at = skipWhiteSpace(data, end);
    }
    return at;
  }

  /** Emits the texts of an event that `#tail` accepted; an incomplete last one goes into the buffer. */
  #emitTexts(event: DataEvent, from: number): void {
    const { data } = event;
    const scanner = this.#spare;
    let at = skipWhiteSpace(data, from);
    while (at < data.length) {
      scanner.reset();
      const end = scanner.feed(data, at);
      if (!scanner.done) {
        this.#open(event, at);
        this.#spare = this.#scanner;
        this.#scanner = scanner;
        return;
      }
      this.#emitDocument('complete', null, event, event, data.slice(at, end), at, end);
      at = skipWhiteSpace(data, end);
    }
  }

  #open(event: DataEvent, from: number): void {
    this.#buffer = [event];
    this.#bufferFrom = from;
    this.#bufferLength = event.data.length - from;
    if (this.#bufferLength > this.#limits.length) this.#giveUp();
  }

  #emitBuffer(last: DataEvent, to: number): void {
    const parts: string[] = [];
    for (const event of this.#buffer)
      parts.push(parts.length === 0 ? event.data.slice(this.#bufferFrom) : event.data);
    parts.push(last.data.slice(0, to));
    const first = this.#buffer[0] ?? last;
    this.#buffer = [];
    this.#emitDocument('complete', null, first, last, parts.join(''), this.#bufferFrom, to);
  }

  #giveUp(): void {
    const events = this.#buffer;
    if (events.length === 0) return;
    this.#buffer = [];
    let from = this.#bufferFrom;
    for (const event of events) {
      this.#emitAlone(event, from);
      from = 0;
    }
  }

  /** Emits the data of an event from `from` on as one document: the whole data with its state, or an incomplete rest. */
  #emitAlone(event: DataEvent, from: number): void {
    const { data, payload } = event;
    if (from === 0) {
      this.#emitDocument(payload.state, payload.problem, event, event, data, 0, data.length, payload.value);
      return;
    }
    this.#spare.reset();
    const at = this.#spare.feed(data, from) - from;
    const problem = { at, message: `expected ${this.#spare.expected}` };
    this.#emitDocument('partial', problem, event, event, data.slice(from), from, data.length);
  }

  #emitDocument(
    state: PayloadState,
    problem: JsonProblem | null,
    first: DataEvent,
    last: DataEvent,
    text: string,
    from: number,
    to: number,
    value?: JsonValue,
  ): void {
    this.#emit({
      index: this.#count++,
      state,
      problem,
      value,
      events: [first.seq, last.seq],
      blocks: [first.block, last.block],
      text,
      from,
      to,
      at: last.at,
    });
  }
}
