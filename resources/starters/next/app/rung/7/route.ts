import { AsyncLocalStorage } from 'node:async_hooks';
import { delayOf, event, eventStream, pause } from '../../../lib/event-stream';

// Rung 7, context and clean-up: every step of the generator sees its own request, and ends with its client.
const requestContext = new AsyncLocalStorage<{ id: string }>();
let openStreams = 0;

export function GET(request: Request): Response {
  const id = request.headers.get('X-Request-Id') ?? 'none';
  return requestContext.run({ id }, () =>
    eventStream(request, inContext(events(delayOf(request, 50), request.signal))),
  );
}

async function* events(delay: number, signal: AbortSignal) {
  openStreams++;
  try {
    yield `: open ${openStreams}\n\n`;
    for (let n = 0; n < 10; n++) {
      yield event(n, JSON.stringify({ step: n + 1, request: requestContext.getStore()?.id }));
      await pause(delay, signal);
    }
  } finally {
    // Runs at the end, and when the client disconnects: the stream then calls return() of the generator.
    openStreams--;
  }
}

/**
 * Runs every step of a generator in the context of this call. Otherwise a step may run in the context of the socket that
 * has drained, which belongs to an earlier request.
 */
function inContext<T>(events: AsyncGenerator<T>): AsyncIterableIterator<T> {
  const run = AsyncLocalStorage.snapshot();
  return {
    next: () => run(() => events.next()),
    return: (value) => run(() => events.return(value)),
    throw: (error) => run(() => events.throw(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
