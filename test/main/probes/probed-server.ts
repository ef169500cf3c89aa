import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

/** A server with the faults that probes distinguish. */
export interface ProbedServer {
  readonly origin: string;
  /** Requests so far: method and path, with the header fields that probes set. */
  readonly seen: readonly {
    readonly path: string;
    readonly method: string;
    readonly headers: IncomingMessage['headers'];
  }[];
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => Promise<void> | void;

/** Starts one on a free port of 127.0.0.1; each path has its own state. */
export async function startProbedServer(): Promise<ProbedServer> {
  const seen: { path: string; method: string; headers: IncomingMessage['headers'] }[] = [];
  let queue: Promise<void> = Promise.resolve();
  const answers: Readonly<Record<string, Answer>> = {
    /** A compressor that is never flushed; smooth without compression. */
    async '/gzip-held'(response, request) {
      if (!/gzip/.test(request.headers['accept-encoding'] ?? '')) return drip(begin(response), 25, 45);
      const gzip = createGzip();
      gzip.pipe(begin(response, { 'content-encoding': 'gzip' }));
      for (let n = 0; n < 25; n++) {
        gzip.write(event(n));
        await delay(45);
      }
      gzip.end();
    },
    /** Held back with and without compression. */
    async '/held'(response, request) {
      const coded = /gzip/.test(request.headers['accept-encoding'] ?? '');
      await delay(1100);
      const body = Array.from({ length: 25 }, (_, n) => event(n)).join('');
      if (!coded) return void begin(response).end(body);
      const gzip = createGzip();
      gzip.pipe(begin(response, { 'content-encoding': 'gzip' }));
      gzip.end(body);
    },
    /** One client after the other. */
    async '/one-at-a-time'(response) {
      const before = queue;
      const mine = before.then(() => drip(begin(response), 8, 60));
      queue = mine;
      await mine;
    },
    '/at-once': (response) => drip(begin(response), 8, 60),
    /** Continues after Last-Event-ID. */
    '/ids': (response, request) =>
      drip(begin(response), 20, 5, Number(request.headers['last-event-id'] ?? -1) + 1),
    '/ids-ignored': (response) => drip(begin(response), 20, 5, 0),
    '/endless': (response) => drip(begin(response), 100_000, 20),
    /** Generates the whole answer, of the requested length, before sending it. */
    async '/whole'(response, _request, body) {
      const words = /great length/.test(body) ? 90 : 30;
      await delay(words * 40);
      begin(response);
      for (let n = 0; n < words; n++)
        response.write(
          `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: `word${n} ` } }] })}\n\n`,
        );
      response.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    },
    '/cors': (response) => drip(begin(response, { 'access-control-allow-origin': '*' }), 5, 5),
    '/no-cors': (response) => drip(begin(response), 5, 5),
    '/plain'(response) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(event(1));
    },
  };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const path = request.url ?? '/';
      seen.push({ path, method: request.method ?? '', headers: request.headers });
      const answer = answers[path];
      if (answer === undefined) response.writeHead(404).end();
      else void answer(response, request, Buffer.concat(pieces).toString());
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

function begin(response: ServerResponse, headers: Record<string, string> = {}): ServerResponse {
  return response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    ...headers,
  });
}

function event(n: number): string {
  return `data: {"n":${n}}\n\n`;
}

/** Writes events with pauses; with ids from `id` on, if given. */
async function drip(response: ServerResponse, count: number, gap: number, id?: number): Promise<void> {
  for (let n = id ?? 0; n < count && !response.destroyed; n++) {
    response.write(`${id === undefined ? '' : `id: ${n}\n`}${event(n)}`);
    await delay(gap);
  }
  response.end();
}
