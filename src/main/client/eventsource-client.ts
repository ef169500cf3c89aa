import { EventSource, type ErrorEvent, type EventSourceInit } from 'eventsource';
import type { EndRecord, RecordSink } from '../../core/capture/record.ts';
import type { ClientOptions, StreamClient } from './client.ts';
import type { StreamRequest } from './stream-request.ts';
import { Recording } from './recording.ts';
import { Tap } from './tap.ts';

/** Opens a stream with the `eventsource` package, and notes what the package makes of it. */
export class EventSourceClient implements StreamClient {
  readonly name = 'eventsource';
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async open(request: StreamRequest, sink: RecordSink, signal: AbortSignal): Promise<EndRecord> {
    const recording = new Recording(sink, request.limits);
    const tap = new Tap(request, recording, signal, this.#options.environment ?? process.env);
    await this.#run(request, recording, tap, AbortSignal.any([signal, recording.broken]));
    tap.detach();
    const last = await tap.ending;
    const ending = signal.aborted ? ({ reason: 'aborted' } as const) : last;
    if (ending.reason === 'aborted') recording.note('abort', {});
    return recording.end(ending);
  }

  /** Settles when the package is done: it failed, it would reconnect and should not, or `stop` is aborted. */
  #run(request: StreamRequest, recording: Recording, tap: Tap, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      // The package's reconnection timer does not keep the process alive: without this one, the command line would end.
      const alive = setInterval(() => undefined, 2 ** 30);
      const source = new ObservedEventSource(request.url, { fetch: tap.fetch }, (event) => {
        const message = messageOf(event);
        if (message !== null) {
          this.#options.onLibraryEvent?.({ client: 'eventsource', ...message });
        } else if (event.type === 'open') {
          recording.note('log', { text: 'eventsource: open', readyState: source.readyState });
        } else {
          const { message: why = 'the stream is over', code = null } = event as ErrorEvent;
          recording.note('log', { text: `eventsource: error: ${why}`, readyState: source.readyState, code });
          // Not at once: the package sets its reconnection timer after the event, and closing is what clears it.
          if (source.readyState === source.CLOSED || !request.reconnect) queueMicrotask(close);
        }
      });
      const close = (): void => {
        stop.removeEventListener('abort', close);
        source.close();
        clearInterval(alive);
        resolve();
      };
      stop.addEventListener('abort', close);
      if (stop.aborted) close();
    });
  }
}

/** An EventSource that shows every event it dispatches, of whatever type. */
export class ObservedEventSource extends EventSource {
  readonly #observe: (event: Event) => void;

  constructor(url: URL, init: EventSourceInit, observe: (event: Event) => void) {
    super(url, init);
    this.#observe = observe;
  }

  override dispatchEvent(event: Event): boolean {
    this.#observe(event);
    return super.dispatchEvent(event);
  }
}

/** The event of the stream, which may be of type "error" or "open" too; null for the package's own events. */
export function messageOf(event: Event): { type: string; data: string; lastEventId: string } | null {
  if (!(event instanceof MessageEvent)) return null;
  return { type: event.type, data: String(event.data), lastEventId: event.lastEventId };
}
