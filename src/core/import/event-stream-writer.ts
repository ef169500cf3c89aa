import { encodeExactly } from '../text/utf8.ts';

/** An event as it was dispatched. */
export interface DispatchedEvent {
  readonly type: string;
  readonly data: string;
  /** Of the stream when it was dispatched. */
  readonly lastEventId: string;
}

/** Writes an event stream that dispatches given events. */
export class EventStreamWriter {
  #lastEventId = '';

  /** The bytes of the next event. */
  write({ type, data, lastEventId }: DispatchedEvent): Uint8Array {
    const lines: string[] = [];
    if (type !== 'message' && type !== '') lines.push(`event: ${type}`);
    if (lastEventId !== this.#lastEventId) lines.push(`id: ${lastEventId}`);
    this.#lastEventId = lastEventId;
    for (const line of data.split(/\r\n|\n|\r/)) lines.push(`data: ${line}`);
    // A line break inside a name would be another field: an event type or ID never has one.
    const text = `${lines.map((line) => line.replace(/[\r\n]/g, ' ')).join('\n')}\n\n`;
    return encodeExactly(text.replace(/\p{Surrogate}/gu, '\uFFFD')) ?? new Uint8Array(0);
  }
}
