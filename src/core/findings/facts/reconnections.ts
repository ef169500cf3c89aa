import { stringMember } from '../../json/json-value.ts';
import type { NoteRecord } from '../../capture/record.ts';
import type { Block } from '../../sse/block.ts';

/** Events at the start of each body that are compared with the body before. */
const COMPARED = 32;
/** Ids that are kept: a server that starts again sends old ones first. */
const MOST_IDS = 1000;
/** Characters of an event that are compared. */
const COMPARED_CHARACTERS = 2000;

/** What was repeated after a reconnection. */
interface Repetition {
  /** The Last-Event-ID that the client sent, or an empty text. */
  readonly lastEventId: string;
  /** Events with an earlier id, counted from the first of the new body. */
  readonly ids: number;
  /** First events that equal the first of the body before. */
  readonly payloads: number;
  /** The first event of the new body, and the time of the reconnection, ms. */
  readonly seq: number;
  readonly at: number | null;
}

/** A repetition that is being counted. */
type Counted = { -readonly [Key in keyof Repetition]: Repetition[Key] };

/** Compares the events after a reconnection with those before it. Fixed size. */
export class Reconnections {
  count = 0;
  /** The reconnection with the most repeated events, or null. */
  worst: Repetition | null = null;
  readonly #ids = new Set<string>();
  #before: readonly string[] = [];
  #body: string[] = [];
  #current: Counted | null = null;
  #idsGoOn = false;
  #payloadsGoOn = false;
  #lastId = '';

  /** A reconnection begins another body. */
  note({ at, fields }: NoteRecord): void {
    this.#settle();
    this.count++;
    this.#before = this.#body;
    this.#body = [];
    const lastEventId = stringMember(fields, 'lastEventId') ?? '';
    this.#current = { lastEventId, ids: 0, payloads: 0, at, seq: -1 };
    this.#idsGoOn = true;
    this.#payloadsGoOn = true;
  }

  /** A dispatched event. */
  event({ seq, type, data, lastEventId }: Block): void {
    const current = this.#current;
    const key =
      this.#body.length < COMPARED ? `${type}\n${data.length}\n${data.slice(0, COMPARED_CHARACTERS)}` : null;
    // The last event ID string persists: only a change means that this event has an id.
    const hasId = lastEventId !== '' && lastEventId !== this.#lastId;
    if (current !== null) {
      if (current.seq === -1) current.seq = seq ?? 0;
      const isFirst = this.#body.length === 0;
      this.#idsGoOn &&= lastEventId !== '' && this.#ids.has(lastEventId) && (hasId || isFirst);
      if (this.#idsGoOn) current.ids++;
      this.#payloadsGoOn &&= key !== null && this.#before[this.#body.length] === key;
      if (this.#payloadsGoOn) current.payloads++;
    }
    if (key !== null) this.#body.push(key);
    if (hasId && this.#ids.size < MOST_IDS) this.#ids.add(lastEventId);
    this.#lastId = lastEventId;
  }

  /** The capture ended. */
  end(): void {
    this.#settle();
  }

  #settle(): void {
    const current = this.#current;
    this.#current = null;
    if (current === null || (current.ids === 0 && current.payloads === 0)) return;
    const { ids, payloads } = current;
    if (this.worst === null || ids + payloads > this.worst.ids + this.worst.payloads) this.worst = current;
  }
}
