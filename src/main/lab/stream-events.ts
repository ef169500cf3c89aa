import { Deferred } from '../../core/deferred.ts';
import type { Framing } from '../../core/sse/block.ts';
import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { CloseReason } from '../../contract/lab-log.ts';
import { type LabEvent, type LineEnding, eventText, formatEvent } from './lab-event.ts';
import { type DeliveryFault, deliveryStep } from './faults.ts';
import type { LabLog } from './lab-log.ts';
import { bindContext } from './request-context.ts';

/** The open streams of a lab. They are ended before the server closes. */
export class OpenStreams {
  readonly #streams = new Set<AbortController>();
  #whenNone: (() => void)[] = [];
  #closing = false;

  get size(): number {
    return this.#streams.size;
  }

  /** Counts a stream until `done` is called. */
  add(abort: AbortController): { done(): void } {
    this.#streams.add(abort);
    if (this.#closing) abort.abort('shutdown' satisfies CloseReason);
    return {
      done: () => {
        this.#streams.delete(abort);
        if (this.#streams.size > 0) return;
        for (const tell of this.#whenNone.splice(0)) tell();
      },
    };
  }

  /** Ends every stream, including later ones. Resolves when none is open. */
  async endAll(): Promise<void> {
    this.#closing = true;
    for (const abort of this.#streams) abort.abort('shutdown' satisfies CloseReason);
    await this.none();
  }

  /** Resolves when no stream is open. */
  async none(): Promise<void> {
    if (this.#streams.size > 0) await new Promise<void>((resolve) => this.#whenNone.push(resolve));
  }
}

/** A stream to send. */
export interface StreamPlan {
  /** Makes the generator of the events. `signal` aborts when the client disconnects or the lab closes. */
  readonly events: (signal: AbortSignal) => AsyncIterable<LabEvent> | Iterable<LabEvent>;
  readonly lineEnding?: LineEnding;
  /** An event stream if absent. Generators yield JSON lines as bytes. */
  readonly framing?: Framing;
  /** Whether allowed pages of other origins may read it. */
  readonly cors?: boolean;
  /** Sends a comment after this many ms of silence, which keeps intermediaries from closing the connection. */
  readonly heartbeat?: number | null;
  readonly fault?: DeliveryFault | null;
  /** Additional response header fields. */
  readonly headers?: { readonly [name: string]: string };
  /** Calls `next` of the generator; directly if absent. */
  readonly pull?: <T>(next: () => Promise<T>) => Promise<T>;
}

/** What a stream is sent with. */
export interface StreamSetting {
  readonly requestId: string;
  readonly log: LabLog;
  readonly streams: OpenStreams;
  /** Value of `access-control-allow-origin`; null for none. */
  readonly allowedOrigin: string | null;
}

const contentTypes: Readonly<Record<Framing, string>> = {
  'event-stream': 'text/event-stream; charset=utf-8',
  ndjson: 'application/x-ndjson',
};

const heartbeatComment = formatEvent({ kind: 'comment', text: 'heartbeat' });
const shutdownComment = formatEvent({ kind: 'comment', text: 'the lab is closing' });

/**
 * Answers a request with a stream of events or of JSON lines. Writes each event as soon as it is yielded, waits while the
 * socket is full, and runs the generator's `finally` as soon as the client disconnects. Resolves when the stream and the
 * generator have ended; never rejects.
 */
export async function streamEvents(
  reply: FastifyReply,
  plan: StreamPlan,
  setting: StreamSetting,
): Promise<void> {
  const { requestId, log, streams } = setting;
  const fault = plan.fault ?? null;
  const framing = plan.framing ?? 'event-stream';
  const response = reply.hijack().raw;
  const abort = new AbortController();
  const open = streams.add(abort);
  let complete = false;
  let peakBuffered = 0;
  let sent = 0;
  const closed = new Promise<void>((resolve) => {
    response.once(
      'close',
      bindContext(() => {
        if (!complete && !abort.signal.aborted) {
          log.add(requestId, { kind: 'client-gone' });
          abort.abort('client' satisfies CloseReason);
        }
        resolve();
      }),
    );
  });
  // A write to a socket that the client has reset fails here. `close` follows.
  response.on('error', () => {});

  let written = Promise.resolve();
  const write = async (bytes: Uint8Array, n: number | null): Promise<void> => {
    if (bytes.length === 0 || response.destroyed) return;
    const flushed = new Deferred<void>();
    written = flushed.promise;
    const goOn = response.write(bytes, (error) => {
      if (!error && n !== null) log.add(requestId, { kind: 'written', n, bytes: bytes.length });
      flushed.resolve();
    });
    peakBuffered = Math.max(peakBuffered, response.writableLength);
    if (goOn || fault === 'ignore-backpressure') return;
    if (n !== null) log.add(requestId, { kind: 'wait', n, buffered: response.writableLength });
    await drained(response, closed);
  };

  const heartbeat = startHeartbeat(plan.heartbeat ?? null, () => void write(heartbeatComment, null));
  const step = deliveryStep(fault);
  let reason: CloseReason = 'complete';
  try {
    response.writeHead(fault === 'http-status' ? 503 : 200, {
      'content-type': fault === 'wrong-content-type' ? 'text/plain; charset=utf-8' : contentTypes[framing],
      // `no-transform` keeps intermediaries from compressing, which delays events.
      'cache-control': 'no-store, no-transform',
      // Turns off the buffering of nginx and others.
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
      ...(plan.cors === true && setting.allowedOrigin !== null
        ? {
            'access-control-allow-origin': setting.allowedOrigin,
            'access-control-expose-headers': 'x-request-id',
          }
        : {}),
      vary: 'origin',
      ...plan.headers,
    });
    response.flushHeaders();

    const iterator = iterate(plan.events(abort.signal));
    const pull = plan.pull ?? ((next) => next());
    let ended = false;
    try {
      for (;;) {
        const result = await pull(() => iterator.next());
        if (result.done === true) {
          ended = true;
          break;
        }
        if (abort.signal.aborted) break;
        const n = sent++;
        log.add(requestId, { kind: 'yield', n, text: eventText(result.value) });
        const due = step.push(formatEvent(result.value, plan.lineEnding), n);
        heartbeat.reset();
        for (const bytes of due.write) await write(bytes, n);
        if (due.cut) {
          await written;
          reason = 'fault';
          response.destroy();
          break;
        }
        // A generator that never awaits would block all other streams and sockets.
        await turn();
        if (abort.signal.aborted) break;
      }
    } finally {
      if (!ended) await iterator.return();
      log.add(requestId, { kind: 'finally' });
    }
    if (abort.signal.aborted) reason = closeReason(abort.signal);
    else if (reason === 'complete') {
      const due = step.end();
      for (const bytes of due.write) await write(bytes, sent - 1);
      if (due.cut) {
        reason = 'fault';
        response.destroy();
      }
    }
  } catch (error) {
    if (abort.signal.aborted) reason = closeReason(abort.signal);
    else {
      reason = 'error';
      log.add(requestId, { kind: 'line', level: 'warning', text: `the generator failed: ${String(error)}` });
    }
  }
  heartbeat.stop();
  // After the response has begun, only a missing last chunk can signal an error.
  if (reason === 'error') response.destroy();
  else if (!response.destroyed) {
    if (reason === 'shutdown' && framing === 'event-stream') await write(shutdownComment, null);
    complete = true;
    response.end();
  }
  await closed;
  log.add(requestId, { kind: 'close', reason, events: sent, peakBuffered });
  open.done();
}

function closeReason(signal: AbortSignal): CloseReason {
  return signal.reason === 'shutdown' ? 'shutdown' : 'client';
}

/** Waits until the response accepts more or is closed. Removes its listeners. */
async function drained(response: NodeJS.EventEmitter, closed: Promise<void>): Promise<void> {
  const stop = new AbortController();
  try {
    await Promise.race([once(response, 'drain', { signal: stop.signal }), closed]);
  } finally {
    stop.abort();
  }
}

function startHeartbeat(every: number | null, beat: () => void): { reset(): void; stop(): void } {
  if (every === null) return { reset() {}, stop() {} };
  const timer = setInterval(beat, every);
  return { reset: () => timer.refresh(), stop: () => clearInterval(timer) };
}

interface EventIterator {
  next(): Promise<IteratorResult<LabEvent, unknown>>;
  return(): Promise<void>;
}

/** One interface for both kinds of generator. */
function iterate(events: AsyncIterable<LabEvent> | Iterable<LabEvent>): EventIterator {
  const iterator =
    Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]();
  return {
    next: async () => iterator.next(),
    return: async () => {
      await iterator.return?.();
    },
  };
}
