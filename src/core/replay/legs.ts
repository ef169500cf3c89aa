import type { Records } from '../capture/capture-source.ts';
import type { CaptureTime } from '../capture-time.ts';
import type { CaptureRecord, ChunkRecord, EndReason, ResponseRecord } from '../capture/record.ts';
import { isWord } from '../vocabulary.ts';
import { endReasons } from '../capture/record.ts';

/*
 * A capture that reconnected has several responses. Each of them with its body is a leg. A replay answers a request with one.
 */

/** How a leg of a capture ended. `unknown`: the capture breaks off. */
export type LegEnding = EndReason | 'unknown';

/** Counts the legs of a capture: the same way for all who go through its records. */
export class LegCounter {
  /** Number of the present leg, from 0. */
  number = 0;
  /** When the request of the present leg was sent. */
  startedAt: CaptureTime = 0;
  /** The Last-Event-ID that the request of the present leg sent; empty for none. */
  lastEventId = '';
  #hasHead = false;
  #hasBody = false;

  /** Takes the next record. */
  push(record: CaptureRecord): void {
    if (record.kind === 'chunk') {
      if (record.bytes.length > 0) this.#hasBody = true;
    } else if (record.kind === 'response') {
      // A capture that was put together elsewhere may lack the note.
      if (this.#hasHead || this.#hasBody) this.#begin(record.at, '');
      this.#hasHead = true;
    } else if (record.kind === 'note' && record.note === 'reconnect') {
      // An attempt that reached nobody is no leg.
      const { lastEventId } = record.fields;
      this.#begin(record.at, typeof lastEventId === 'string' ? lastEventId : '');
    }
  }

  #begin(at: CaptureTime, lastEventId: string): void {
    if (this.#hasHead || this.#hasBody) this.number++;
    this.#hasHead = false;
    this.#hasBody = false;
    this.startedAt = at;
    this.lastEventId = lastEventId;
  }
}

/** One leg of a capture, read once, in its order. */
export class Leg {
  /** Null where the capture has a body alone. */
  readonly response: ResponseRecord | null;
  /** The body is still encoded as its Content-Encoding says: nobody could decode it. */
  readonly isEncoded: boolean;
  readonly startedAt: CaptureTime;
  /** When and how it ended. Known when `chunks` is through. */
  end: { readonly at: CaptureTime; readonly how: LegEnding } = { at: null, how: 'unknown' };
  #next: CaptureRecord | null;
  readonly #rest: AsyncIterator<CaptureRecord, void>;

  private constructor(
    response: ResponseRecord | null,
    isEncoded: boolean,
    startedAt: CaptureTime,
    next: CaptureRecord | null,
    rest: AsyncIterator<CaptureRecord, void>,
  ) {
    this.response = response;
    this.isEncoded = isEncoded;
    this.startedAt = startedAt;
    this.#next = next;
    this.#rest = rest;
  }

  /** Reads the beginning of leg number `wanted`; null if the records end before it. */
  static async open(records: Records, wanted: number): Promise<Leg | null> {
    const iterator = iterate(records);
    const counter = new LegCounter();
    let response: ResponseRecord | null = null;
    let isEncoded = false;
    for (;;) {
      const next = await iterator.next();
      const isOpen = response !== null;
      if (next.done === true)
        return isOpen ? new Leg(response, isEncoded, counter.startedAt, null, iterator) : null;
      const { value } = next;
      // What follows a head at once belongs to it. The rest is for `chunks`.
      if (isOpen && !isBeside(value)) return new Leg(response, isEncoded, counter.startedAt, value, iterator);
      counter.push(value);
      if (counter.number > wanted) return null;
      if (counter.number < wanted) continue;
      if (value.kind === 'response') response = value;
      else if (value.kind === 'chunk') return new Leg(null, false, counter.startedAt, value, iterator);
      else if (isOpen && value.kind === 'note') isEncoded ||= value.fields['code'] === 'unknown-coding';
    }
  }

  /** The chunks of its body that have bytes. */
  async *chunks(): AsyncGenerator<ChunkRecord> {
    try {
      let last: CaptureTime = this.response?.at ?? null;
      for (;;) {
        const record = await this.#take();
        if (record === null) {
          this.end = { at: last, how: 'unknown' };
          return;
        }
        const ended = endOf(record);
        if (ended !== null) {
          this.end = ended;
          return;
        }
        if (record.kind !== 'chunk' || record.bytes.length === 0) continue;
        last = record.at;
        yield record;
      }
    } finally {
      await this.close();
    }
  }

  /** Lets go of the records. */
  async close(): Promise<void> {
    await this.#rest.return?.();
  }

  async #take(): Promise<CaptureRecord | null> {
    const held = this.#next;
    if (held !== null) {
      this.#next = null;
      return held;
    }
    const next = await this.#rest.next();
    return next.done === true ? null : next.value;
  }
}

/** How a leg ended, where this record is behind it. */
function endOf(record: CaptureRecord): Leg['end'] | null {
  if (record.kind === 'end') return { at: record.at, how: record.reason };
  if (record.kind === 'response') return { at: record.at, how: 'complete' };
  if (record.kind !== 'note' || record.note !== 'reconnect') return null;
  const { delay, reason } = record.fields;
  const waited = typeof delay === 'number' ? delay : 0;
  return {
    at: record.at === null ? null : record.at - waited,
    how: isWord(endReasons, reason) ? reason : 'complete',
  };
}

/** A record that neither begins nor ends a leg, nor is of its body. */
function isBeside(record: CaptureRecord): boolean {
  return record.kind === 'note' && record.note !== 'reconnect';
}

async function* iterate(records: Records): AsyncGenerator<CaptureRecord, void> {
  yield* records;
}
