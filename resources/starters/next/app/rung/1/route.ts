import { event, eventStream } from '../../../lib/event-stream';

// Rung 1, endpoint: five hard-coded events from a plain loop.
export function GET(request: Request): Response {
  return eventStream(request, events());
}

async function* events() {
  for (let n = 0; n < 5; n++) yield event(n, 'hello world');
}
