import type { OpenStream } from './client.ts';
import { withReconnection } from './reconnection.ts';
import { transfer } from './transfer.ts';

/**
 * Opens any URL with any method and records the response, without a library between the HTTP parser and the capture.
 */
export const openStream: OpenStream = (request, recording, signal, { environment = process.env }) =>
  request.reconnect
    ? withReconnection(request, recording, signal, environment)
    : transfer(request, recording, signal, {}, environment);
