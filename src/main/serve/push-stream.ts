import type { ServerResponse } from 'node:http';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { HostEvent } from '../../contract/host-event.ts';

/** Interval of heartbeats: below the 30 s after which common proxies end a silent stream. */
const HEARTBEAT_MS = 15_000;
/** Events kept for a reader that reconnects with Last-Event-ID. */
const KEPT_EVENTS = 256;
/** Events kept for the first reader. */
const UNDELIVERED_EVENTS = 16;
/**
 * Events other than summaries to queue for a slow reader. With more, it is disconnected, and reset when it reconnects.
 */
const MOST_WAITING = 2000;
/** How long a reader should wait before it reconnects, ms. */
const RECONNECTION_TIME_MS = 1000;

interface Reader {
  readonly response: ServerResponse;
  /** True from the moment the socket is full until it drains. */
  waiting: boolean;
  /** Queued while `waiting`. A newer summary of a capture replaces the older one, so this stays small. */
  readonly summaries: Map<string, CaptureSummary>;
  readonly otherEvents: HostEvent[];
}

/**
 * Sends host events as a numbered event stream. A reader that lost its connection sends Last-Event-ID and gets the
 * events it missed, or `event: reset` if those are no longer kept.
 */
export class PushStream {
  readonly #readers = new Set<Reader>();
  readonly #kept: { readonly id: number; readonly block: string }[] = [];
  /**
   * Events sent before the first reader connected, such as for a file opened at the start. Sent to the first reader.
   */
  readonly #undelivered: string[] = [];
  readonly #heartbeat: NodeJS.Timeout;
  #lastId = 0;

  constructor(heartbeatMs = HEARTBEAT_MS) {
    this.#heartbeat = setInterval(() => {
      for (const reader of this.#readers) if (!reader.waiting) this.#write(reader, ': heartbeat\n\n');
    }, heartbeatMs);
    this.#heartbeat.unref();
  }

  /** Readers connected at this moment. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Responds with the stream. It ends when the client disconnects or `close` is called. */
  open(response: ServerResponse, lastEventId: string | undefined): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const reader: Reader = { response, waiting: false, summaries: new Map(), otherEvents: [] };
    this.#readers.add(reader);
    response.on('close', () => this.#readers.delete(reader));
    response.on('error', () => this.#readers.delete(reader));
    response.on('drain', () => this.#flush(reader));
    this.#write(reader, `retry: ${RECONNECTION_TIME_MS}\n\n`);
    if (lastEventId !== undefined && lastEventId !== '') this.#resume(reader, lastEventId);
    else for (const block of this.#undelivered) this.#write(reader, block);
    this.#undelivered.length = 0;
  }

  /** Sends one event to every reader. */
  send(event: HostEvent): void {
    const id = ++this.#lastId;
    const block = `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
    this.#kept.push({ id, block });
    if (this.#kept.length > KEPT_EVENTS) this.#kept.shift();
    // A page requests the captures itself when it opens.
    if (this.#readers.size === 0 && (event.kind === 'show' || event.kind === 'notice')) {
      this.#undelivered.push(block);
      if (this.#undelivered.length > UNDELIVERED_EVENTS) this.#undelivered.shift();
    }
    for (const reader of this.#readers) {
      if (!reader.waiting) this.#write(reader, block);
      else this.#queue(reader, event);
    }
  }

  /** Sends `event: end` to every reader, and ends the streams. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const { response } of this.#readers) response.end('event: end\ndata: the host has ended\n\n');
    this.#readers.clear();
  }

  #resume(reader: Reader, lastEventId: string): void {
    const seen = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.NaN;
    const oldest = this.#kept[0]?.id ?? this.#lastId + 1;
    if (!(seen >= oldest - 1 && seen <= this.#lastId)) {
      // The ID is from another run, or too old: the missed events are not known.
      this.#write(reader, `id: ${this.#lastId}\nevent: reset\ndata: start over\n\n`);
      return;
    }
    for (const { id, block } of this.#kept) if (id > seen) this.#write(reader, block);
  }

  #queue(reader: Reader, event: HostEvent): void {
    if (event.kind === 'captures') {
      for (const one of event.changed) reader.summaries.set(one.id, one);
      return;
    }
    reader.otherEvents.push(event);
    if (reader.otherEvents.length <= MOST_WAITING) return;
    this.#readers.delete(reader);
    reader.response.destroy();
  }

  #flush(reader: Reader): void {
    reader.waiting = false;
    const queued: HostEvent[] = reader.otherEvents.splice(0);
    // Summaries go first: other events (to show or remove a capture) are newer.
    if (reader.summaries.size > 0)
      queued.unshift({ kind: 'captures', changed: [...reader.summaries.values()] });
    reader.summaries.clear();
    const blocks = queued.map((event) => JSON.stringify(event));
    if (blocks.length > 0) {
      this.#write(reader, blocks.map((data) => `id: ${this.#lastId}\ndata: ${data}\n\n`).join(''));
    }
  }

  #write(reader: Reader, block: string): void {
    if (!reader.response.write(block)) reader.waiting = true;
  }
}
