import { event, eventStream } from '../../../lib/event-stream';

// Rung 5, JSON: one JSON text per event.
export function GET(request: Request): Response {
  return eventStream(request, events());
}

async function* events() {
  for (let n = 0; n < 5; n++) yield event(n, JSON.stringify({ step: n + 1 }));
}
