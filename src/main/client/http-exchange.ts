import type { HeaderList } from '../../core/headers.ts';
import { Client, type Dispatcher } from 'undici';
import { ClientError } from './client-error.ts';
import type { ObservedSocket } from './observed-socket.ts';
import { MAX_HEADER_BYTES, type ResponseHead } from './response-heads.ts';

/** A request as sent on the wire. */
export interface WireRequest {
  /** Scheme, host and port that the socket is connected to. */
  readonly origin: string;
  /** Path and query, or the absolute URL for a forward proxy. */
  readonly target: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: string | null;
}

/** Receives the response. Nothing is called after `onEnd` or `onError`. */
export interface ExchangeHandler {
  /** The final response. `ResponseHeads` filters interim ones, as undici rejects some. */
  onHead(head: Omit<ResponseHead, 'httpVersion'>): void;
  /** Body bytes, without the transfer coding. */
  onData(bytes: Uint8Array): void;
  onEnd(trailers: HeaderList): void;
  onError(error: unknown): void;
}

/**
 * Sends one request over a connected socket and reads its response (HTTP/1.1). Has no timeouts: the caller decides how
 * long silence may last. Returns a function that stops at once and closes the socket; it must always be called in the
 * end.
 */
export function exchange(socket: ObservedSocket, request: WireRequest, handler: ExchangeHandler): () => void {
  let connected = false;
  const client = new Client(request.origin, {
    // undici ends a body that is silent for 300 s unless this is 0.
    bodyTimeout: 0,
    headersTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect: (_options, callback) => {
      // undici must not reconnect by itself: one exchange uses one connection.
      if (connected) callback(new ClientError('EMPTY_RESPONSE', 'The connection was lost.'), null);
      else process.nextTick(() => callback(null, asSocket(socket)));
      connected = true;
    },
  });
  let over = false;
  const finish = (report: () => void): void => {
    if (over) return;
    over = true;
    report();
  };
  client.dispatch(
    {
      path: request.target,
      method: request.method,
      headers: request.headers.flat(),
      body: request.body,
    },
    {
      onRequestStart: () => undefined,
      onResponseStart: (controller, status) => {
        if (!over) handler.onHead({ status, headers: headerList(controller.rawHeaders) });
      },
      onResponseData: (_controller, bytes) => {
        if (!over) handler.onData(bytes);
      },
      onResponseEnd: (controller) =>
        finish(() => {
          // undici treats a reset as the end of a body without a length.
          if (socket.failure === null) handler.onEnd(headerList(controller.rawTrailers));
          else handler.onError(socket.failure);
        }),
      onResponseError: (_controller, error) => finish(() => handler.onError(socket.failure ?? error)),
    },
  );
  // A lost connection always ends the exchange. undici handles the end of the data first.
  const onGone = (): void =>
    void setImmediate(() =>
      finish(() =>
        handler.onError(socket.failure ?? new ClientError('EMPTY_RESPONSE', 'The connection was lost.')),
      ),
    );
  if (socket.closed) onGone();
  else socket.once('close', onGone);
  return () => {
    over = true;
    socket.destroy();
    void client.destroy();
  };
}

/** undici accepts any duplex stream as a connection, as its own proxy agent shows; its types do not. */
function asSocket(socket: ObservedSocket): Parameters<Parameters<ConnectFunction>[1]>[1] & object {
  return socket as unknown as Parameters<Parameters<ConnectFunction>[1]>[1] & object;
}
type ConnectFunction = Extract<NonNullable<Client.Options['connect']>, (...args: never[]) => unknown>;

/** Names and values as received: one character per byte. */
function headerList(raw: Dispatcher.DispatchController['rawHeaders']): HeaderList {
  if (!Array.isArray(raw)) return [];
  const texts = raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
  return Array.from(
    { length: texts.length / 2 },
    (_, n) => [texts[2 * n] ?? '', texts[2 * n + 1] ?? ''] as const,
  );
}
