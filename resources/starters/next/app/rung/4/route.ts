import { delayOf, event, eventStream, pause } from '../../../lib/event-stream';

// Rung 4, async: events are sent when they are produced.
export function GET(request: Request): Response {
  return eventStream(request, events(delayOf(request, 1000), request.signal));
}

async function* events(delay: number, signal: AbortSignal) {
  for (let n = 0; n < 5; n++) {
    if (n > 0) await pause(delay, signal);
    yield event(n, `event ${n + 1} of 5`);
  }
}
