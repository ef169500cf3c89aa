import type { HeaderList } from '../../core/headers.ts';
import { Client, type Dispatcher } from 'undici';
import { ClientError } from './client-error.ts';
import type { ObservedSocket } from './observed-socket.ts';
import { MAX_HEADER_BYTES, type ResponseHead } from './response-heads.ts';

/** A request as it goes on the wire. */
export interface WireRequest {
  /** Scheme, host and port of what the socket is connected to. */
  readonly origin: string;
  /** Path and query, or the absolute URL where a proxy forwards it. */
  readonly target: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: string | null;
}

/** What becomes of a request. After `onEnd` or `onError` nothing more comes. */
export interface ExchangeHandler {
  /** The final response; interim ones must not reach this socket, as undici refuses some. */
  onHead(head: Omit<ResponseHead, 'httpVersion'>): void;
  /** Body bytes, without the transfer coding. */
  onData(bytes: Uint8Array): void;
  onEnd(trailers: HeaderList): void;
  onError(error: unknown): void;
}

/**
 * Sends one request over a connected socket and reads its response (HTTP/1.1). No time-outs: who watches decides how long
 * silence may last. Returns what ends it at once and closes the socket; it must be called in the end, whatever came.
 */
export function exchange(socket: ObservedSocket, request: WireRequest, handler: ExchangeHandler): () => void {
  let connected = false;
  const client = new Client(request.origin, {
    // undici ends a body that is silent for 300 s unless this is 0.
    bodyTimeout: 0,
    headersTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect: (_options, callback) => {
      // undici must not dial again by itself: one exchange has one connection.
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
          // undici takes a reset for the end of a body without a length. It is not.
          if (socket.failure === null) handler.onEnd(headerList(controller.rawTrailers));
          else handler.onError(socket.failure);
        }),
      onResponseError: (_controller, error) => finish(() => handler.onError(socket.failure ?? error)),
    },
  );
  // Whatever undici makes of it: a connection that is gone ends the exchange. undici looks at the end of the data first.
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

/** undici takes any stream for a connection, as its own proxy agent shows; its types say otherwise. */
function asSocket(socket: ObservedSocket): Parameters<Parameters<ConnectFunction>[1]>[1] & object {
  return socket as unknown as Parameters<Parameters<ConnectFunction>[1]>[1] & object;
}
type ConnectFunction = Extract<NonNullable<Client.Options['connect']>, (...args: never[]) => unknown>;

/** Names and values as sent, byte for byte: one character is one byte. */
function headerList(raw: Dispatcher.DispatchController['rawHeaders']): HeaderList {
  if (!Array.isArray(raw)) return [];
  const texts = raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
  return Array.from(
    { length: texts.length / 2 },
    (_, n) => [texts[2 * n] ?? '', texts[2 * n + 1] ?? ''] as const,
  );
}
