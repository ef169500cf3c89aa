import { delayOf, event, eventStream, pause } from '../../../lib/event-stream';

// Rung 2, browser: the same events, slow enough to watch, for the React component in app/stream.tsx.
export function GET(request: Request): Response {
  return eventStream(request, events(delayOf(request, 100), request.signal));
}

async function* events(delay: number, signal: AbortSignal) {
  for (let n = 0; n < 5; n++) {
    if (n > 0) await pause(delay, signal);
    yield event(n, 'hello world');
  }
}
