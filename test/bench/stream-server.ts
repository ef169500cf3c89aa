/** Runs in a thread of its own: serves an event stream at full speed, and tells its parent the port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { eventStream } from './event-streams.ts';

const { eventSize, pieceSize, bytes } = workerData as { eventSize: number; pieceSize: number; bytes: number };
const stream = eventStream(eventSize, bytes);

const server = createServer(async (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let at = 0; at < stream.length; at += pieceSize) {
    if (!response.write(stream.subarray(at, at + pieceSize))) {
      await new Promise((resolve) => response.once('drain', resolve));
    }
  }
  response.end();
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
