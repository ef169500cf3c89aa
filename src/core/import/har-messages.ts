import type { CaptureTime } from '../capture-time.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { EventStreamWriter } from './event-stream-writer.ts';
import { derive } from '../pipeline/pipeline.ts';
import type { ChunkRecord } from '../capture/record.ts';

/**
 * An event stream that dispatches the messages that Chrome saved (`_eventSourceMessages`), one chunk per message.
 * `startedAt` is the time of the request in ms since 1970. Times are rounded to Chrome's resolution, a microsecond.
 */
export function bodyOfMessages(messages: readonly JsonValue[], startedAt: number): readonly ChunkRecord[] {
  const chunks: ChunkRecord[] = [];
  const writer = new EventStreamWriter();
  for (const message of messages) {
    if (!isJsonObject(message)) continue;
    const { time, eventName, eventId, data } = message;
    if (typeof data !== 'string') continue;
    // Chrome saves the current last event ID of the stream with every message.
    const bytes = writer.write({
      type: typeof eventName === 'string' ? eventName : '',
      data,
      lastEventId: typeof eventId === 'string' ? eventId : '',
    });
    const at = timeOf(time, startedAt);
    chunks.push({ kind: 'chunk', at, read: chunks.length, wireBytes: bytes.length, bytes });
  }
  return chunks;
}

/**
 * A saved body, cut after each event, at the time of its message. If messages and events do not match, no time is
 * known: one chunk of unknown time.
 */
export function bodyWithTimes(
  body: Uint8Array,
  messages: readonly JsonValue[],
  startedAt: number,
): readonly ChunkRecord[] {
  const whole: ChunkRecord = { kind: 'chunk', at: null, read: 0, wireBytes: body.length, bytes: body };
  const events = derive([whole, { kind: 'end', at: null, reason: 'complete' }]).blocks.filter(
    ({ kind }) => kind === 'event',
  );
  const same = events.every(({ data, type }, index) => {
    const message = messages[index];
    return isJsonObject(message) && message['data'] === data && message['eventName'] === type;
  });
  if (!same || events.length === 0 || events.length !== messages.length) return [whole];
  const chunks: ChunkRecord[] = [];
  let start = 0;
  const take = (end: number, at: CaptureTime): void => {
    const bytes = body.subarray(start, end);
    chunks.push({ kind: 'chunk', at, read: chunks.length, wireBytes: bytes.length, bytes });
    start = end;
  };
  for (const [index, { range }] of events.entries()) {
    const message = messages[index];
    take(range.end, isJsonObject(message) ? timeOf(message['time'], startedAt) : null);
  }
  if (start < body.length) take(body.length, null);
  return chunks;
}

function timeOf(time: JsonValue | undefined, startedAt: number): CaptureTime {
  if (typeof time !== 'number' || !Number.isFinite(time)) return null;
  return Math.round((time * 1000 - startedAt) * 1000) / 1000;
}
