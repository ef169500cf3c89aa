import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A received request. */
export interface Seen {
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A test server that writes streams by hand. */
export interface StreamServer {
  readonly origin: string;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, socket: Socket) => void;

const eventStream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'a=s3cret' });

const answers: Readonly<Record<string, Answer>> = {
  '/five'(response) {
    eventStream(response);
    for (let n = 0; n < 5; n++) response.write(`data: {"n":${n}}\n\n`);
    response.end();
  },
  /** Three events, then silence. */
  '/hold'(response) {
    eventStream(response).write('data: 1\n\ndata: 2\n\ndata: 3\n\ndata: unfini');
  },
  /** Endless events, as fast as the client reads. */
  '/endless'(response) {
    eventStream(response);
    let n = 0;
    const more = (): void => {
      while (!response.destroyed && response.write(`data: {"n":${n++},"text":"${'x'.repeat(200)}"}\n\n`));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  },
  '/cut'(response, socket) {
    eventStream(response).write('data: 1\n\n', () => socket.destroy());
  },
  /** Header fields only, no body. */
  '/head'(response) {
    eventStream(response).flushHeaders();
  },
  '/silent'() {
    // Never answers.
  },
  '/circle'(response) {
    response.writeHead(302, { location: '/circle' }).end();
  },
  '/missing'(response) {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
  },
  '/nothing'(response) {
    response.writeHead(204).end();
  },
  /** JSON lines like Ollama's, the last without a line feed. */
  '/lines'(response) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (let n = 0; n < 3; n++) response.write(`{"message":{"content":"${n}"},"done":false}\n`);
    response.end('{"done":true}');
  },
  '/cut-lines'(response, socket) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write('{"n":1}\n{"n":', () => socket.destroy());
  },
  '/plain'(response) {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('data: 1\n\n');
  },
};

/** Starts the server on a free port of 127.0.0.1. */
export async function startStreamServer(): Promise<StreamServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      seen.push({ method: request.method, headers: request.headers, body: Buffer.concat(pieces).toString() });
      const path = new URL(request.url ?? '/', 'http://h').pathname;
      (answers[path] ?? answers['/missing'])?.(response, request.socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
