import type { HeaderList } from '../../core/headers.ts';
import { BodyPump } from './body-pump.ts';
import { type Ending, endingOf, type FailureContext } from './client-error.ts';
import { ContentDecoder, contentCoding } from './content-decoder.ts';
import { Deferred } from '../../core/deferred.ts';
import { dial } from './dial.ts';
import { exchange } from './http-exchange.ts';
import { InterimResponses } from './interim-responses.ts';
import { ObservedSocket } from './observed-socket.ts';
import { type ProxyEnvironment, proxyHeaders } from './proxy.ts';
import type { Recording } from './recording.ts';
import { redirectOf } from './redirect.ts';
import { type ResponseHead, ResponseHeads } from './response-heads.ts';
import type { StreamRequest } from './stream-request.ts';

/** ms for name lookup, connection and TLS together. */
const CONNECT_TIMEOUT = 30_000;

/** The final response, after redirects. */
export interface TransferResponse extends ResponseHead {
  readonly url: URL;
  readonly redirected: boolean;
}

/** Receives the response and its body, right after they are recorded. */
export interface TransferConsumer {
  onResponse?(response: TransferResponse): void;
  /** Receives decoded body bytes. A returned promise pauses the stream until it settles; it must not reject. */
  onBytes?(bytes: Uint8Array): Promise<void> | undefined;
}

/** The result of one request: the end of the stream, or the request that a redirect leads to. */
export type HopOutcome =
  | { readonly kind: 'ended'; readonly ending: Ending }
  | {
      readonly kind: 'redirected';
      readonly request: StreamRequest;
      readonly status: number;
      readonly headers: HeaderList;
      readonly credentialsDropped: boolean;
    };

/** One request and its response. Redirects are returned, not followed. */
export class Hop {
  readonly #request: StreamRequest;
  readonly #redirects: number;
  readonly #recording: Recording;
  readonly #consumer: TransferConsumer;
  readonly #environment: ProxyEnvironment;
  readonly #outcome = new Deferred<HopOutcome>();
  readonly #heads: ResponseHeads;
  readonly #interim: InterimResponses;
  #socket: ObservedSocket | null = null;
  #pump: BodyPump | null = null;
  #idle: NodeJS.Timeout | null = null;
  #over = false;
  /** Time of the newest read, and its number once it delivered body bytes. */
  #readAt = 0;
  #read: number | null = null;
  #writingSince = 0;
  #sentAt: number | null = null;
  #answered = false;
  #consumerPressure: Promise<void> | null = null;

  constructor(
    request: StreamRequest,
    redirects: number,
    recording: Recording,
    consumer: TransferConsumer,
    environment: ProxyEnvironment,
  ) {
    this.#request = request;
    this.#redirects = redirects;
    this.#recording = recording;
    this.#consumer = consumer;
    this.#environment = environment;
    this.#interim = new InterimResponses(request.url.host, recording);
    this.#heads = new ResponseHeads(request.url.host, request.method, {
      onInterim: (head) => this.#onInterim(head),
      onWarning: (code, text) => {
        if (!this.#over) this.#recording.warn(code, text);
      },
      onProblem: (error) => this.#fail(error),
    });
  }

  async run(signal: AbortSignal): Promise<HopOutcome> {
    let close: (() => void) | null = null;
    const onAbort = (): void => this.#end({ reason: 'aborted' });
    signal.addEventListener('abort', onAbort);
    try {
      close = await this.#send(signal);
      if (signal.aborted) onAbort();
      const outcome = await this.#outcome.promise;
      close();
      await this.#recordTheRest();
      return outcome;
    } catch (error) {
      const ending: Ending = signal.aborted ? { reason: 'aborted' } : endingOf(error, this.#context());
      return { kind: 'ended', ending };
    } finally {
      close?.();
      if (this.#idle !== null) clearTimeout(this.#idle);
      // A late read would refresh the timer, which restarts it.
      this.#idle = null;
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Connects and sends the request; returns a function that closes the connection. */
  async #send(signal: AbortSignal): Promise<() => void> {
    const { url, insecure, idleTimeout, method, headers, body } = this.#request;
    const onPhase = (phase: string, ms: number, detail?: string): void =>
      this.#recording.note('phase', { phase, ms, ...(detail === undefined ? {} : { detail }) });
    const options = { insecure, environment: this.#environment, timeout: CONNECT_TIMEOUT, onPhase };
    const { socket: inner, forwardProxy } = await dial(url, options, signal);
    this.#writingSince = this.#recording.now();
    const socket = new ObservedSocket(inner, {
      onRead: (bytes) => {
        this.#onRead(onPhase);
        return this.#heads.take(bytes);
      },
      onWritten: () => {
        if (this.#sentAt !== null) return;
        this.#sentAt = this.#recording.now();
        onPhase('request-sent', this.#sentAt - this.#writingSince);
      },
    });
    this.#socket = socket;
    if (idleTimeout !== null) this.#idle = setTimeout(() => this.#onIdle(idleTimeout), idleTimeout);
    const path = `${url.pathname}${url.search}`;
    const forProxy = forwardProxy === null ? [] : proxyHeaders(url, headers, forwardProxy.authorization);
    const wire = {
      origin: forwardProxy?.url.origin ?? url.origin,
      target: forwardProxy === null ? path : `${url.origin}${path}`,
      method,
      headers: [...forProxy, ...headers],
      body,
    };
    return exchange(socket, wire, {
      onHead: ({ status, headers }) =>
        this.#onHead({
          status,
          headers: this.#heads.fields ?? headers,
          httpVersion: this.#heads.httpVersion,
        }),
      onData: (bytes) => this.#onData(bytes),
      onEnd: (trailers) => void this.#onEnd(trailers),
      onError: (error) => void this.#onError(error),
    });
  }

  #onRead(onPhase: (phase: string, ms: number) => void): void {
    this.#readAt = this.#recording.now();
    this.#read = null;
    this.#idle?.refresh();
    if (this.#answered) return;
    this.#answered = true;
    onPhase('first-byte', this.#readAt - (this.#sentAt ?? this.#writingSince));
  }

  #onInterim(head: ResponseHead): void {
    if (this.#over) return;
    const error = this.#interim.add(head);
    if (error !== null) this.#fail(error);
  }

  #onHead(head: ResponseHead): void {
    const { status, headers } = head;
    this.#interim.end();
    const decision = redirectOf(this.#request, status, headers, this.#redirects);
    if (decision.kind === 'follow') {
      const { request, credentialsDropped } = decision;
      this.#settle({ kind: 'redirected', request, status, headers, credentialsDropped });
      return;
    }
    const url = this.#request.url;
    this.#recording.response(this.#readAt, head, this.#redirects === 0 ? null : url.href);
    if (decision.kind === 'refuse') {
      this.#end({ reason: 'error', error: decision.error });
      return;
    }
    this.#pump = this.#openPump(headers);
    this.#consumer.onResponse?.({ ...head, url, redirected: this.#redirects > 0 });
  }

  #openPump(headers: HeaderList): BodyPump {
    const coding = contentCoding(headers);
    if (coding.kind === 'unknown') {
      const text = `The content coding "${coding.coding}" cannot be decoded here. The body is kept undecoded.`;
      this.#recording.warn('unknown-coding', text, { coding: coding.coding });
    }
    const decoder = coding.kind === 'coded' ? new ContentDecoder(coding.codings) : null;
    return new BodyPump(
      {
        emit: (at, read, wireBytes, bytes) => this.#emit(at, read, wireBytes, bytes),
        pressure: () => this.#recording.pressure() ?? this.#consumerPressure,
        hold: () => this.#socket?.hold(),
        release: () => this.#socket?.release(),
        fail: (error) => this.#fail(error),
      },
      decoder,
    );
  }

  #emit(at: number, read: number, wireBytes: number, bytes: Uint8Array): void {
    this.#recording.chunk(at, read, wireBytes, bytes);
    const pressure = bytes.length === 0 ? undefined : this.#consumer.onBytes?.(bytes);
    if (pressure === undefined) return;
    this.#consumerPressure = pressure;
    void this.#clearPressure(pressure);
  }

  async #clearPressure(pressure: Promise<void>): Promise<void> {
    await pressure;
    if (this.#consumerPressure === pressure) this.#consumerPressure = null;
  }

  #onData(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#read ??= this.#recording.nextRead();
    this.#pump?.push({ at: this.#readAt, read: this.#read, bytes });
  }

  async #onEnd(trailers: HeaderList): Promise<void> {
    if ((await this.#pump?.finish()) === false) return;
    if (trailers.length > 0 && !this.#over) {
      this.#recording.note('log', { text: 'Trailer fields.', headers: trailers });
    }
    if (this.#heads.excess > 0 && !this.#over) this.#warnOfExcess(this.#heads.excess);
    this.#end({ reason: 'complete' });
  }

  #warnOfExcess(bytes: number): void {
    const text = `${bytesText(bytes)} the end of the response. Clients ignore them or read them as the next response.`;
    this.#recording.warn('bytes-after-body', text, { bytes });
  }

  /** Decodes what was received before the error, then ends. */
  async #onError(error: unknown): Promise<void> {
    const ending = endingOf(error, this.#context());
    await this.#pump?.drain();
    this.#end(ending);
  }

  #onIdle(limit: number): void {
    const isOurs = (this.#recording.pressure() ?? this.#consumerPressure) !== null;
    // While our own back-pressure stops the reading, the silence is not the server's.
    if (isOurs) this.#idle?.refresh();
    else
      this.#end({
        reason: 'timeout',
        error: { code: 'IDLE_TIMEOUT', message: `No bytes received for ${limit / 1000} s.` },
      });
  }

  #fail(error: unknown): void {
    this.#end(endingOf(error, this.#context()));
  }

  #end(ending: Ending): void {
    this.#settle({ kind: 'ended', ending });
  }

  #settle(outcome: HopOutcome): void {
    this.#over = true;
    this.#outcome.resolve(outcome);
  }

  /** Records what was received and not yet decoded, after an abort or a timeout. */
  async #recordTheRest(): Promise<void> {
    if (this.#pump === null) this.#interim.end();
    const lost = (await this.#pump?.abandon()) ?? 0;
    if (lost > 0)
      this.#recording.note('log', {
        text: `${lost} received bytes were not decoded.`,
        wireBytes: lost,
      });
    const excess = this.#pump?.excess ?? null;
    if (excess === null) return;
    const text = `${bytesText(excess.bytes)} the end of the ${excess.coding} data. They were not decoded.`;
    this.#recording.warn('bytes-after-content', text, { bytes: excess.bytes });
  }

  #context(): FailureContext {
    return {
      url: this.#request.url,
      responded: this.#pump !== null,
      sample: this.#socket?.sample ?? null,
      interim: this.#interim.count,
      unfinishedHead: this.#heads.unfinished,
    };
  }
}

const bytesText = (bytes: number): string => (bytes === 1 ? '1 byte follows' : `${bytes} bytes follow`);
