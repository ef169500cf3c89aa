import { type HeaderList, firstHeaderValue, mediaType } from '../../core/headers.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { BlockReader } from '../../core/sse/block-reader.ts';
import { type Ending, isFutile } from './client-error.ts';
import type { ProxyEnvironment } from './proxy.ts';
import type { Recording } from './recording.ts';
import type { StreamRequest } from './stream-request.ts';
import { transfer } from './transfer.ts';
import type { TransferResponse } from './hop.ts';

/**
 * [spec] HTML §9.2.2: "This must initially be an implementation-defined value, probably in the region of a few
 * seconds."
 */
const INITIAL_TIME = 3000;
/**
 * Limits for the server's `retry`, ms: 0 must not cause a flood of requests, and a huge value must not wait forever.
 */
const SHORTEST = 50;
export const LONGEST = 60 * 60 * 1000;
/** The longest wait, ms, while connections deliver no event. */
const LONGEST_BACKOFF = 30_000;

/**
 * Keeps a stream open as [spec] HTML §9.2.3 defines: when a connection ends or fails, reconnects after the reconnection
 * time with Last-Event-ID, until the server responds with something other than an event stream. All in the same
 * recording.
 */
export async function withReconnection(
  request: StreamRequest,
  recording: Recording,
  signal: AbortSignal,
  environment: ProxyEnvironment,
): Promise<Ending> {
  const state = new ReconnectionState();
  const stop = AbortSignal.any([signal, recording.broken]);
  for (let attempt = 1; ; attempt += 1) {
    let refusal: string | null = null;
    const ending = await transfer(
      { ...request, headers: withLastEventId(request.headers, state.lastEventId, recording) },
      recording,
      signal,
      {
        onResponse: (response) => {
          refusal = refusalOf(response);
        },
        onBytes: (bytes) => {
          if (refusal === null) state.push(bytes);
          return undefined;
        },
      },
      environment,
    );
    const wait = state.endConnection();
    if (stop.aborted) return ending;
    if (refusal !== null || isFutile(ending.error)) {
      if (attempt > 1 || refusal !== null)
        recording.note('log', { text: `Not reconnecting: ${refusal ?? ending.error?.message}` });
      return ending;
    }
    recording.note('log', {
      text: `${ending.error?.message ?? 'The response has ended.'} Reconnecting in ${wait} ms.`,
    });
    try {
      await delay(wait, undefined, { signal: stop });
    } catch {
      return { reason: 'aborted' };
    }
    recording.note('reconnect', {
      attempt,
      delay: wait,
      lastEventId: state.lastEventId,
      reason: ending.reason,
    });
  }
}

/** What a reconnection needs: the last event ID, and how long to wait. */
export class ReconnectionState {
  #lastEventId = '';
  #time = INITIAL_TIME;
  /** Consecutive connections without an event, and whether the current one had one. */
  #fruitless = 0;
  #hadEvent = false;
  readonly #reader = new BlockReader({
    block: (block) => {
      this.#lastEventId = block.lastEventId;
      this.#time = block.retry ?? this.#time;
      this.#hadEvent ||= block.kind === 'event';
    },
    blockExtended: () => undefined,
  });

  get lastEventId(): string {
    return this.#lastEventId;
  }

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes, 0, null);
  }

  /** Called when a connection has ended or failed. Returns ms to wait before the next. */
  endConnection(): number {
    this.#reader.endBody();
    this.#fruitless = this.#hadEvent ? 0 : this.#fruitless + 1;
    this.#hadEvent = false;
    return waitFor(this.#time, this.#fruitless);
  }
}

/**
 * [spec] "if res's status is not 200, or if res's `Content-Type` is not `text/event-stream`, then fail the connection."
 */
function refusalOf(response: TransferResponse): string | null {
  if (response.status !== 200) return `the server responded with ${response.status}.`;
  const type = firstHeaderValue(response.headers, 'content-type') ?? '';
  return mediaType(type) === 'text/event-stream'
    ? null
    : `the content type is "${type}", not text/event-stream.`;
}

/**
 * [spec] "Optionally, wait some more. In particular, if the previous attempt failed, then user agents might introduce
 * an exponential backoff delay to avoid overloading a potentially already overloaded server." A random part keeps
 * clients that lost their connections together from reconnecting together.
 */
function waitFor(time: number, fruitless: number): number {
  const acted = Math.min(Math.max(time, SHORTEST), LONGEST);
  if (fruitless < 2) return acted;
  const backedOff = Math.min(acted * 2 ** Math.min(fruitless - 1, 10), LONGEST_BACKOFF);
  return Math.max(acted, Math.round(backedOff * (0.5 + Math.random() / 2)));
}

/**
 * [spec] "If the EventSource object's last event ID string is not the empty string, then: … Set (`Last-Event-ID`,
 * lastEventIDValue)", encoded as UTF-8. It replaces one that the user gave for the first request.
 */
export function withLastEventId(
  headers: HeaderList,
  id: string,
  recording: Pick<Recording, 'note'>,
): HeaderList {
  if (id === '') return headers;
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(id)) {
    // Reconnects without it. The user's own value is older and would be wrong.
    const text =
      'The last event ID has control characters, which a header field cannot contain: it is not sent.';
    recording.note('log', { text });
    return headers.filter(([name]) => !isLastEventId(name));
  }
  const value = Buffer.from(id).toString('latin1');
  return [...headers.filter(([name]) => !isLastEventId(name)), ['Last-Event-ID', value]];
}

const isLastEventId = (name: string): boolean => name.toLowerCase() === 'last-event-id';
