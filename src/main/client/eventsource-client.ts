import { EventSource, type ErrorEvent, type EventSourceInit } from 'eventsource';
import type { ClientOptions, OpenStream } from './client.ts';
import type { Recording } from './recording.ts';
import type { StreamRequest } from './stream-request.ts';
import { Tap } from './tap.ts';

/** Opens a stream with the `eventsource` package, and notes what the package reports. */
export const openStream: OpenStream = async (
  request,
  recording,
  signal,
  { environment = process.env, onLibraryEvent },
) => {
  const tap = new Tap(request, recording, signal, environment);
  await run(request, recording, tap, onLibraryEvent, AbortSignal.any([signal, recording.broken]));
  tap.detach();
  const ending = await tap.ending;
  return signal.aborted ? { reason: 'aborted' } : ending;
};

/** Settles when the package fails, when it would reconnect and must not, or when `stop` is aborted. */
function run(
  request: StreamRequest,
  recording: Recording,
  tap: Tap,
  onLibraryEvent: ClientOptions['onLibraryEvent'],
  stop: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    // The package's reconnection timer does not keep the process alive; this one does.
    const alive = setInterval(() => undefined, 2 ** 30);
    const source = new ObservedEventSource(request.url, { fetch: tap.fetch }, (event) => {
      const message = messageOf(event);
      if (message !== null) {
        onLibraryEvent?.({ client: 'eventsource', ...message });
      } else if (event.type === 'open') {
        recording.note('log', { text: 'eventsource: open', readyState: source.readyState });
      } else {
        const { message: why = 'the stream ended', code = null } = event as ErrorEvent;
        recording.note('log', { text: `eventsource: error: ${why}`, readyState: source.readyState, code });
        // Deferred: the package sets its reconnection timer after the event, and `close` must clear it.
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

/** An EventSource that passes on every event it dispatches, of any type. */
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

/** An event of the stream, whose type may also be "error" or "open"; null for the package's own events. */
export function messageOf(event: Event): { type: string; data: string; lastEventId: string } | null {
  if (!(event instanceof MessageEvent)) return null;
  return { type: event.type, data: String(event.data), lastEventId: event.lastEventId };
}
