import { encodeExactly } from '../text/utf8.ts';

/** An event as dispatched. */
export interface DispatchedEvent {
  readonly type: string;
  readonly data: string;
  /** Last event ID of the stream at its dispatch. */
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
    // A dispatched event type or ID has no line break: one would begin another field.
    const text = `${lines.map((line) => line.replace(/[\r\n]/g, ' ')).join('\n')}\n\n`;
    return encodeExactly(text.replace(/\p{Surrogate}/gu, '\uFFFD')) ?? new Uint8Array(0);
  }
}
