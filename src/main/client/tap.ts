import type { HeaderList } from '../../core/capture/record.ts';
import type { ProxyEnvironment } from './proxy.ts';
import type { Ending, Recording } from './recording.ts';
import type { StreamRequest } from './stream-client.ts';
import { transfer } from './transfer.ts';
import type { TransferResponse } from './transfer-consumer.ts';

/** Decoded bytes that a library may leave unread before the stream is slowed down for it. */
const UNREAD = 64 * 1024;

/** What a library asks of `fetch`, as far as it matters here: the request itself is the user's. */
export interface LibraryInit {
  readonly headers?: ConstructorParameters<typeof Headers>[0];
}

/**
 * A `fetch` for a library that records what comes before the library sees it. It sends the user's request, whatever
 * body or abort the library has in mind: a library that gives up, or stops at `[DONE]`, hides nothing of what follows.
 */
export class Tap {
  readonly #request: StreamRequest;
  readonly #recording: Recording;
  readonly #signal: AbortSignal;
  readonly #environment: ProxyEnvironment;
  #connections = 0;
  #endedAt = 0;
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

  /** How the newest connection ended, once it has. */
  get ending(): Promise<Ending> {
    return this.#ending;
  }

  /** The library reads no more: what comes is still recorded, and no longer kept waiting for it. */
  detach(): void {
    this.#detach();
  }

  /** To be given to the library. A second call is its reconnection, and is noted as one. */
  readonly fetch = async (_url: string | URL | Request, init?: LibraryInit): Promise<Response> => {
    const previous = await this.#ending;
    const added = this.#headersOf(init);
    if (this.#connections > 0) {
      const lastEventId = added.find(([name]) => name === 'last-event-id')?.[1] ?? '';
      const delay = Math.round(this.#recording.now() - this.#endedAt);
      this.#recording.note('reconnect', {
        attempt: this.#connections,
        delay,
        lastEventId,
        reason: previous.reason,
      });
    } else if (added.length > 0) {
      this.#recording.note('log', {
        text: 'Header fields that the library added.',
        headers: added.map(([k, v]) => [k, v]),
      });
    }
    this.#connections += 1;
    return this.#connect({ ...this.#request, headers: [...this.#request.headers, ...added] });
  };

  #connect(request: StreamRequest): Promise<Response> {
    return new Promise((resolve, reject) => {
      const body = new LibraryBody();
      this.#detach = () => body.detach();
      const consumer = {
        onResponse: (response: TransferResponse) => {
          try {
            resolve(responseOf(response, body.stream));
          } catch (error) {
            // A status or a header that fetch does not know: the library fails, the recording goes on.
            body.detach();
            reject(error);
          }
        },
        onBytes: (bytes: Uint8Array) => body.write(bytes),
      };
      this.#ending = transfer(request, this.#recording, this.#signal, consumer, this.#environment).then(
        (ending) => {
          this.#endedAt = this.#recording.now();
          const failure = ending.reason === 'complete' ? null : failureOf(ending);
          body.end(failure);
          // Without effect where there was a response.
          reject(failure);
          return ending;
        },
      );
    });
  }

  /** The library's header fields that the user's request does not set already, names in lower case. */
  #headersOf(init: LibraryInit | undefined): HeaderList {
    const own = new Set(this.#request.headers.map(([name]) => name.toLowerCase()));
    return [...new Headers(init?.headers)].filter(([name]) => name === 'last-event-id' || !own.has(name));
  }
}

/** The body as the library reads it. */
class LibraryBody {
  readonly stream: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #read: (() => void) | null = null;
  #isDetached = false;

  constructor() {
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#goOn(),
        cancel: () => this.detach(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: UNREAD }),
    );
  }

  /** Returns a promise while the library has enough to read. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    const controller = this.#controller;
    if (controller === null || this.#isDetached) return undefined;
    controller.enqueue(bytes);
    if ((controller.desiredSize ?? 0) > 0) return undefined;
    return new Promise((resolve) => (this.#read = resolve));
  }

  end(failure: Error | null): void {
    this.#goOn();
    if (this.#isDetached) return;
    if (failure === null) this.#controller?.close();
    else this.#controller?.error(failure);
    this.#isDetached = true;
  }

  detach(): void {
    this.#isDetached = true;
    this.#goOn();
  }

  #goOn(): void {
    this.#read?.();
    this.#read = null;
  }
}

/** [spec] Fetch: "A null body status is a status that is 101, 103, 204, 205, or 304." */
const NULL_BODY = new Set([101, 103, 204, 205, 304]);

function responseOf(head: TransferResponse, body: ReadableStream<Uint8Array>): Response {
  const headers = new Headers();
  for (const [name, value] of head.headers) headers.append(name, value);
  const response = new Response(NULL_BODY.has(head.status) ? null : body, { status: head.status, headers });
  // A constructed Response has no URL; libraries look at it after a redirect.
  Object.defineProperty(response, 'url', { value: head.url.href });
  Object.defineProperty(response, 'redirected', { value: head.redirected });
  return response;
}

/** As `fetch` rejects: [spec] Fetch, "If response is a network error, then reject p with a TypeError". */
function failureOf(ending: Ending): TypeError {
  return new TypeError(ending.error?.message ?? 'The connection was ended.', { cause: ending.error });
}
