import { Client, type Dispatcher } from 'undici';
import type { HeaderList } from '../../core/capture/record.ts';
import { ClientError } from './client-error.ts';
import type { ObservedSocket } from './observed-socket.ts';

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

/** Status line and header fields of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: HeaderList;
  /** "HTTP/1.1" or "HTTP/1.0", as the server said. */
  readonly httpVersion: string;
}

/** What becomes of a request. After `onEnd` or `onError` nothing more comes. */
export interface ExchangeHandler {
  /** An interim response (1xx). */
  onInterim(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /** Body bytes, without the transfer coding. */
  onData(bytes: Uint8Array): void;
  onEnd(trailers: HeaderList): void;
  onError(error: unknown): void;
}

/** Model gateways send long headers; this is beyond any of them. */
const MAX_HEADER_BYTES = 256 * 1024;

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
        const head = {
          status,
          headers: headerList(controller.rawHeaders),
          httpVersion: httpVersion(socket.sample),
        };
        if (over) return;
        if (status < 200) handler.onInterim(head);
        else handler.onHead(head);
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

/** undici does not tell the version; the response's first bytes do. */
function httpVersion(sample: Buffer): string {
  return /^HTTP\/\d\.\d/.exec(sample.toString('latin1'))?.[0] ?? 'HTTP/1.1';
}
