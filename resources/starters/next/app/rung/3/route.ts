import { event, eventStream } from '../../../lib/event-stream';

// Rung 3, Node client: what clients have to parse, wherever the network cuts the bytes.
export function GET(request: Request): Response {
  return eventStream(request, events());
}

async function* events() {
  yield event(0, 'Grüße, 世界 🌍');
  yield event(1, 'two\nlines');
  yield event(2, 'an event type', 'greeting');
  yield event(3, 'CRLF ends these lines').replaceAll('\n', '\r\n');
  yield event(4, 'the blank line after the last event counts, too');
}
