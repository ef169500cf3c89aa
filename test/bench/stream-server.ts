/** Runs in a thread of its own: serves an event stream at full speed, and tells its parent the port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { eventStream } from './event-streams.ts';

const { eventSize, pieceSize, bytes } = workerData as { eventSize: number; pieceSize: number; bytes: number };
const stream = eventStream(eventSize, bytes);

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  void pipeline(Readable.from(pieces()), response);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
  parentPort?.postMessage(port);
});

function* pieces(): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; at += pieceSize) yield stream.subarray(at, at + pieceSize);
}
