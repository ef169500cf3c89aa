import { setTimeout as delay } from 'node:timers/promises';
import type { HeaderList } from '../../core/capture/record.ts';
import { BlockReader } from '../../core/sse/block-reader.ts';
import { isFutile } from './client-error.ts';
import type { ProxyEnvironment } from './proxy.ts';
import type { Ending, Recording } from './recording.ts';
import type { StreamRequest } from './stream-client.ts';
import { transfer } from './transfer.ts';
import type { TransferResponse } from './transfer-consumer.ts';

/** [spec] HTML §9.2.2: "This must initially be an implementation-defined value, probably in the region of a few seconds." */
const INITIAL_TIME = 3000;
/** What a server may make us do, ms: "retry: 0" must not become a flood, nor a huge one a wait without end. */
const SHORTEST = 50;
const LONGEST = 60 * 60 * 1000;
/** How far the wait grows while nothing answers. */
const LONGEST_BACKOFF = 30_000;

/**
 * Keeps a stream open as [spec] HTML §9.2.3 says: a connection that ends or breaks is opened again after the reconnection
 * time, with Last-Event-ID, until the server answers with anything but an event stream. All in the same recording.
 */
export async function withReconnection(
  request: StreamRequest,
  recording: Recording,
  signal: AbortSignal,
  environment: ProxyEnvironment,
): Promise<Ending> {
  const state = new ReconnectionState();
  const stop = AbortSignal.any([signal, recording.broken]);
  let silentAttempts = 0;
  for (let attempt = 1; ; attempt += 1) {
    let refusal: string | null = null;
    let answered = false;
    const ending = await transfer(
      { ...request, headers: withLastEventId(request.headers, state.lastEventId) },
      recording,
      signal,
      {
        onResponse: (response) => {
          answered = true;
          refusal = refusalOf(response);
        },
        onBytes: (bytes) => {
          if (refusal === null) state.push(bytes);
          return undefined;
        },
      },
      environment,
    );
    state.endBody();
    if (stop.aborted) return ending;
    if (refusal !== null || isFutile(ending.error)) {
      if (attempt > 1 || refusal !== null)
        recording.note('log', { text: `Not reconnecting: ${refusal ?? ending.error?.message}` });
      return ending;
    }
    silentAttempts = answered ? 0 : silentAttempts + 1;
    const wait = waitFor(state.time, silentAttempts);
    recording.note('log', {
      text: `${ending.error?.message ?? 'The response is over.'} Reconnecting in ${wait} ms.`,
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

/** What a reconnection needs to know of the events so far. */
export class ReconnectionState {
  #lastEventId = '';
  #time = INITIAL_TIME;
  readonly #reader = new BlockReader({
    block: (block) => {
      this.#lastEventId = block.lastEventId;
      this.#time = block.retry ?? this.#time;
    },
    blockGrew: () => undefined,
  });

  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** Reconnection time in ms, as the server set it. */
  get time(): number {
    return this.#time;
  }

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes, 0, null);
  }

  endBody(): void {
    this.#reader.endBody();
  }
}

/** [spec] "if res's status is not 200, or if res's `Content-Type` is not `text/event-stream`, then fail the connection." */
function refusalOf(response: TransferResponse): string | null {
  if (response.status !== 200) return `the server answered ${response.status}.`;
  const type = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const essence = type.split(';', 1)[0]?.trim().toLowerCase();
  return essence === 'text/event-stream' ? null : `the content type is "${type}", not text/event-stream.`;
}

/** [spec] "Optionally, wait some more. In particular, if the previous attempt failed, then user agents might introduce an exponential backoff delay". */
function waitFor(time: number, silentAttempts: number): number {
  const acted = Math.min(Math.max(time, SHORTEST), LONGEST);
  const backedOff = acted * 2 ** Math.min(Math.max(silentAttempts - 1, 0), 10);
  return Math.max(acted, Math.min(backedOff, LONGEST_BACKOFF));
}

/** [spec] "If the EventSource object's last event ID string is not the empty string, then: … Set (`Last-Event-ID`, lastEventIDValue)", encoded as UTF-8. */
function withLastEventId(headers: HeaderList, id: string): HeaderList {
  // An ID with control characters cannot be sent in a header: better without it than no reconnection.
  if (id === '' || /[\x00-\x08\x0a-\x1f\x7f]/.test(id)) return headers;
  const value = Buffer.from(id).toString('latin1');
  return [...headers.filter(([name]) => name.toLowerCase() !== 'last-event-id'), ['Last-Event-ID', value]];
}
