import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { encodeExactly } from './exact-utf8.ts';
import type { ChunkRecord } from './record.ts';

/**
 * An event stream that dispatches the messages that Chrome saved (`_eventSourceMessages`), a chunk each. `startedAt` is
 * the request's time in ms since 1970; a message's time is rounded to a microsecond, which is what Chrome knows.
 */
export function bodyOfMessages(messages: readonly JsonValue[], startedAt: number): readonly ChunkRecord[] {
  const chunks: ChunkRecord[] = [];
  let lastEventId = '';
  for (const message of messages) {
    if (!isJsonObject(message)) continue;
    const { time, eventName, eventId, data } = message;
    if (typeof data !== 'string') continue;
    const id = typeof eventId === 'string' ? eventId : '';
    const lines: string[] = [];
    if (typeof eventName === 'string' && eventName !== 'message' && eventName !== '')
      lines.push(`event: ${eventName}`);
    // Chrome states the last event ID of the stream with every message.
    if (id !== lastEventId) lines.push(`id: ${id}`);
    lastEventId = id;
    for (const line of data.split(/\r\n|\n|\r/)) lines.push(`data: ${line}`);
    // A line break inside a name would be another field: an event type or ID never has one.
    const text = `${lines.map((line) => line.replace(/[\r\n]/g, ' ')).join('\n')}\n\n`;
    const bytes = encodeExactly(text.replace(/\p{Surrogate}/gu, '\uFFFD')) ?? new Uint8Array(0);
    const at =
      typeof time === 'number' && Number.isFinite(time)
        ? Math.round((time * 1000 - startedAt) * 1000) / 1000
        : null;
    chunks.push({ kind: 'chunk', at, read: chunks.length, wireBytes: bytes.length, bytes });
  }
  return chunks;
}
