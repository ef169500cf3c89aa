import type { CaptureRecord } from '../../../core/capture/record.ts';
import { derive } from '../../../core/pipeline/pipeline.ts';
import { messageOf, ObservedEventSource } from '../../client/eventsource-client.ts';
import type { DispatchedEvent } from '../received-stream.ts';

/** The events that the raw client's parser dispatches for a body in these pieces. */
export function rawEvents(pieces: readonly Uint8Array[]): DispatchedEvent[] {
  const records: CaptureRecord[] = pieces.map((bytes, read) => ({
    kind: 'chunk',
    at: null,
    read,
    wireBytes: bytes.length,
    bytes,
  }));
  const { blocks } = derive([
    { kind: 'response', at: null, status: 200, headers: streamHeaders, httpVersion: '' },
    ...records,
    { kind: 'end', at: null, reason: 'complete' },
  ]);
  return blocks
    .filter(({ kind }) => kind === 'event')
    .map(({ type, data, lastEventId }) => ({ type, data, lastEventId }));
}

const streamHeaders = [['content-type', 'text/event-stream']] as const;

/** A URL for the package. No request is sent. */
const nowhere = new URL('http://127.0.0.1/');

/** The events that the `eventsource` package dispatches for a body in these pieces, one read each. */
export function eventSourceEvents(pieces: readonly Uint8Array[]): Promise<DispatchedEvent[]> {
  return new Promise((resolve) => {
    const events: DispatchedEvent[] = [];
    const source = new ObservedEventSource(nowhere, { fetch: async () => responseOf(pieces) }, (event) => {
      const message = messageOf(event);
      if (message !== null) events.push(message);
      else if (event.type === 'error') {
        // Later, since the package sets its reconnection timer after the event, and closing clears it.
        queueMicrotask(() => {
          source.close();
          resolve(events);
        });
      }
    });
  });
}

/** A response that returns its body piece by piece. */
function responseOf(pieces: readonly Uint8Array[]): Response {
  const queue = [...pieces];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = queue.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
    },
    { highWaterMark: 0 },
  );
  const response = new Response(body, { headers: streamHeaders.map(([name, value]) => [name, value]) });
  // A constructed Response has no URL, and the package reads it.
  Object.defineProperty(response, 'url', { value: nowhere.href });
  return response;
}
