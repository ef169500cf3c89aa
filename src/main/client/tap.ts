import type { HeaderList } from '../../core/headers.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { Deferred } from '../../core/deferred.ts';
import type { ProxyEnvironment } from './proxy.ts';
import type { Ending } from './client-error.ts';
import type { Recording } from './recording.ts';
import { LONGEST, ReconnectionState, withLastEventId } from './reconnection.ts';
import { RetryLimit } from './retry-limit.ts';
import type { StreamRequest } from './stream-request.ts';
import { transfer } from './transfer.ts';
import type { TransferResponse } from './hop.ts';

/** Decoded bytes that a library may leave unread before the stream is paused. */
const UNREAD = 64 * 1024;

/** The part of a library's `fetch` options that is used. */
interface LibraryInit {
  readonly headers?: ConstructorParameters<typeof Headers>[0];
}

/**
 * A `fetch` for a library that records the response before the library sees it. It sends the user's request, and
 * ignores the library's body and abort signal: bytes after a library gives up, or stops at `[DONE]`, are recorded too.
 */
export class Tap {
  readonly #request: StreamRequest;
  readonly #recording: Recording;
  readonly #signal: AbortSignal;
  readonly #environment: ProxyEnvironment;
  #connections = 0;
  #endedAt = 0;
  readonly #reconnection = new ReconnectionState();
  /** Least ms between the end of a connection and the next one. */
  #wait = 0;
  #ending: Promise<Ending> = Promise.resolve({ reason: 'aborted' });
  #detach: () => void = () => undefined;

  constructor(
    request: StreamRequest,
    recording: Recording,
    signal: AbortSignal,
    environment: ProxyEnvironment,
  ) {
    this.#request = request;
    this.#recording = recording;
    this.#signal = signal;
    this.#environment = environment;
  }

  /** Settles when the newest connection has ended. */
  get ending(): Promise<Ending> {
    return this.#ending;
  }

  /** Stops passing bytes to the library. They are still recorded, without waiting for it. */
  detach(): void {
    this.#detach();
  }

  /**
   * The function to pass to the library. A second call is noted as a reconnection, and waits at least as long as the
   * raw client would.
   */
  readonly fetch = async (_url: string | URL | Request, init?: LibraryInit): Promise<Response> => {
    const previous = await this.#ending;
    const { lastEventId, added } = this.#headersOf(init);
    const headers = withLastEventId([...this.#request.headers, ...added], lastEventId, this.#recording);
    if (this.#connections > 0) {
      const since = this.#recording.now() - this.#endedAt;
      const signal = AbortSignal.any([this.#signal, this.#recording.broken]);
      if (since < this.#wait) await delay(this.#wait - since, undefined, { signal });
      const waited = Math.round(this.#recording.now() - this.#endedAt);
      this.#recording.note('reconnect', {
        attempt: this.#connections,
        delay: waited,
        lastEventId,
        reason: previous.reason,
      });
    } else if (added.length > 0) {
      this.#recording.note('log', {
        text: 'Header fields added by the library.',
        headers: added,
      });
    }
    this.#connections += 1;
    return this.#connect({ ...this.#request, headers });
  };

  #connect(request: StreamRequest): Promise<Response> {
    return new Promise((resolve, reject) => {
      const body = new LibraryBody();
      const limit = this.#request.reconnect ? new RetryLimit(LONGEST) : null;
      this.#detach = () => body.detach();
      const consumer = {
        onResponse: (response: TransferResponse) => {
          try {
            resolve(responseOf(response, body.stream));
          } catch (error) {
            // `Response` rejects the status or a header: the library fails, and the recording continues.
            body.detach();
            reject(error);
          }
        },
        onBytes: (bytes: Uint8Array) => {
          this.#reconnection.push(bytes);
          return body.write(limit === null ? bytes : limit.push(bytes));
        },
      };
      this.#ending = transfer(request, this.#recording, this.#signal, consumer, this.#environment).then(
        (ending) => {
          this.#endedAt = this.#recording.now();
          this.#wait = this.#reconnection.endConnection();
          const failure = ending.reason === 'complete' ? null : failureOf(ending);
          body.end(failure);
          // Has no effect if there was a response.
          reject(failure);
          return ending;
        },
      );
    });
  }

  /** The last event ID that the library sends, and its header fields that the user's request does not set. */
  #headersOf(init: LibraryInit | undefined): { lastEventId: string; added: HeaderList } {
    const own = new Set(this.#request.headers.map(([name]) => name.toLowerCase()));
    const fields = new Headers(init?.headers);
    // Header values have one character per byte, and an ID is UTF-8.
    const lastEventId = Buffer.from(fields.get('last-event-id') ?? '', 'latin1').toString('utf8');
    const added = [...fields].filter(([name]) => name !== 'last-event-id' && !own.has(name));
    return { lastEventId, added };
  }
}

/** The body as the library reads it. */
class LibraryBody {
  readonly stream: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  /** Set while the library has unread bytes. */
  #pressure: Deferred<void> | null = null;
  #isDetached = false;

  constructor() {
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#resume(),
        cancel: () => this.detach(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: UNREAD }),
    );
  }

  /** Returns a promise while the library has too many unread bytes. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    const controller = this.#controller;
    if (controller === null || this.#isDetached) return undefined;
    if (bytes.length === 0) return undefined;
    controller.enqueue(bytes);
    if ((controller.desiredSize ?? 0) > 0) return undefined;
    this.#pressure ??= new Deferred();
    return this.#pressure.promise;
  }

  end(failure: Error | null): void {
    this.#resume();
    if (this.#isDetached) return;
    if (failure === null) this.#controller?.close();
    else this.#controller?.error(failure);
    this.#isDetached = true;
  }

  detach(): void {
    this.#isDetached = true;
    this.#resume();
  }

  #resume(): void {
    this.#pressure?.resolve();
    this.#pressure = null;
  }
}

/** [spec] Fetch: "A null body status is a status that is 101, 103, 204, 205, or 304." */
const NULL_BODY = new Set([101, 103, 204, 205, 304]);

function responseOf(head: TransferResponse, body: ReadableStream<Uint8Array>): Response {
  const headers = new Headers();
  for (const [name, value] of head.headers) headers.append(name, value);
  const response = new Response(NULL_BODY.has(head.status) ? null : body, { status: head.status, headers });
  // A constructed Response has no URL, which libraries read after a redirect.
  Object.defineProperty(response, 'url', { value: head.url.href });
  Object.defineProperty(response, 'redirected', { value: head.redirected });
  return response;
}

/**
 * The error that `fetch` rejects with: [spec] Fetch, "If response is a network error, then reject p with a TypeError".
 */
function failureOf(ending: Ending): TypeError {
  return new TypeError(ending.error?.message ?? 'The connection was ended.', { cause: ending.error });
}
