import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { assertNever } from '../../core/assert-never.ts';

/** Line endings that an event stream may use. [spec] HTML §9.2.5: "end-of-line = ( cr lf / cr / lf )". */
const lineEndings = { lf: '\n', cr: '\r', crlf: '\r\n' } as const;
export type LineEnding = keyof typeof lineEndings;

/** What a generator yields: an event, a comment, or raw bytes. */
export type LabEvent =
  | {
      readonly kind: 'event';
      readonly data: string;
      readonly event?: string;
      readonly id?: string;
      readonly retry?: number;
    }
  | { readonly kind: 'comment'; readonly text: string }
  /** `text` is only for the log. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly text: string };

/** An event with data, and optionally an event type, an id and a reconnection time. */
export function event(data: string, fields: { event?: string; id?: string; retry?: number } = {}): LabEvent {
  return { kind: 'event', data, ...fields };
}

/**
 * Waits `ms` milliseconds, and then lets sockets read and write. Otherwise a process that was blocked for longer than the
 * pause would run several timers before it reads a byte. Rejects when `signal` aborts.
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal });
  await turn(undefined, { signal });
  await turn(undefined, { signal });
}

/** Yields the items with a pause of `delay` ms between them. Throws when `signal` aborts. */
export async function* paced<Item>(
  items: Iterable<Item>,
  delay: number,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  let isFirst = true;
  for (const item of items) {
    if (!isFirst) await pause(delay, signal);
    isFirst = false;
    yield item;
  }
}

/**
 * Formats an event. Each line of the data becomes a `data` field.
 *
 * @throws Error for a line break in an event type or an id, which would begin another field
 */
export function formatEvent(yielded: LabEvent, lineEnding: LineEnding = 'lf'): Uint8Array {
  const eol = lineEndings[lineEnding];
  switch (yielded.kind) {
    case 'bytes':
      return yielded.bytes;
    case 'comment':
      return Buffer.from(
        `${yielded.text
          .split(/\r\n|\r|\n/)
          .map((line) => `: ${line}${eol}`)
          .join('')}${eol}`,
      );
    case 'event': {
      let text = '';
      if (yielded.event !== undefined) text += `event: ${oneLine(yielded.event)}${eol}`;
      if (yielded.id !== undefined) text += `id: ${oneLine(yielded.id)}${eol}`;
      if (yielded.retry !== undefined) text += `retry: ${yielded.retry}${eol}`;
      for (const line of yielded.data.split(/\r\n|\r|\n/)) text += `data: ${line}${eol}`;
      return Buffer.from(text + eol);
    }
    default:
      return assertNever(yielded);
  }
}

/** The first 200 characters of an event, for the log. */
export function eventText(yielded: LabEvent): string {
  const text = yielded.kind === 'event' ? yielded.data : yielded.text;
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function oneLine(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error(`Expected a single line: ${JSON.stringify(value)}`);
  return value;
}
