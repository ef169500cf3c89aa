// An event stream in seven rungs, with Fastify: each rung adds one thing to the previous one.
//
//     npm install
//     npm start                                          # PORT=8000
//     sse-inspector ladder --target ladder.json          # in another terminal
//
// The comments in the streams (": yield 0 1732456789123") are log lines: clients ignore them, and the ladder reads
// from them what the server did and when.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyReply } from 'fastify';
import OpenAI from 'openai';

const app = Fastify({ logger: true });

/** An event: the log line of its yield, its fields, and the blank line that makes clients dispatch it. */
function event(n: number, data: string, type?: string): string {
  app.log.info(`yield ${n}`);
  const lines = [`: yield ${n} ${Date.now()}`, `id: ${n + 1}`];
  if (type !== undefined) lines.push(`event: ${type}`);
  // Each line of the data needs its own data field, since a line feed ends a field.
  lines.push(...data.split('\n').map((line) => `data: ${line}`));
  return `${lines.join('\n')}\n\n`;
}

type Events = (signal: AbortSignal) => AsyncIterable<string> | Iterable<string>;

/** Sends what a generator yields as an event stream. Its `signal` aborts when the client disconnects. */
function eventStream(reply: FastifyReply, events: Events): FastifyReply {
  const client = new AbortController();
  reply.raw.once('close', () => client.abort());
  return (
    reply
      .header('Content-Type', 'text/event-stream')
      .header('Cache-Control', 'no-cache')
      // Turns off buffering in nginx.
      .header('X-Accel-Buffering', 'no')
      // The stream gets the next event when the socket has accepted the last one, so a slow client slows the generator.
      .send(Readable.from(events(client.signal)))
  );
}

/** Waits, or returns at once when the client disconnects. The generator then ends at its next yield. */
const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);

/** `?delay=MS`: the pause between two events. */
const delayOf = (query: unknown, standard: number) => Number((query as { delay?: string }).delay ?? standard);

// A page of another origin may read a response only if the response allows that origin.
app.addHook('onRequest', async (request, reply) => {
  const { origin = '' } = request.headers;
  if (/^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(origin))
    reply.header('Access-Control-Allow-Origin', origin);
  // The response depends on the origin, so caches must keep one for each.
  reply.header('Vary', 'Origin');
});

// Rung 1, endpoint: five hard-coded events from a plain loop.
app.get('/rung/1', (_, reply) =>
  eventStream(reply, function* () {
    for (let n = 0; n < 5; n++) yield event(n, 'hello world');
  }),
);

// Rung 2, browser: the same events, slow enough to watch, for the React component in client/.
app.get('/rung/2', (request, reply) =>
  eventStream(reply, async function* (signal) {
    for (let n = 0; n < 5; n++) {
      if (n > 0) await pause(delayOf(request.query, 100), signal);
      yield event(n, 'hello world');
    }
  }),
);

// Rung 3, Node client: what clients have to parse, wherever the network cuts the bytes.
app.get('/rung/3', (_, reply) =>
  eventStream(reply, function* () {
    yield event(0, 'Grüße, 世界 🌍');
    yield event(1, 'two\nlines');
    yield event(2, 'an event type', 'greeting');
    yield event(3, 'CRLF ends these lines').replaceAll('\n', '\r\n');
    yield event(4, 'the blank line after the last event counts, too');
  }),
);

// Rung 4, async: events are sent when they are produced.
app.get('/rung/4', (request, reply) =>
  eventStream(reply, async function* (signal) {
    for (let n = 0; n < 5; n++) {
      if (n > 0) await pause(delayOf(request.query, 1000), signal);
      yield event(n, `event ${n + 1} of 5`);
    }
  }),
);

// Rung 5, JSON: one JSON text per event.
app.get('/rung/5', (_, reply) =>
  eventStream(reply, function* () {
    for (let n = 0; n < 5; n++) yield event(n, JSON.stringify({ step: n + 1 }));
  }),
);

// Rung 6, OpenAI: the stream of a model, passed on chunk by chunk.
app.post('/v1/chat/completions', async (request, reply) => {
  const { messages } = request.body as { messages: OpenAI.ChatCompletionMessageParam[] };
  const client = new AbortController();
  reply.raw.once('close', () => client.abort());
  // Starts before the response, so that errors of the model become HTTP errors.
  const chunks =
    process.env['OPENAI_API_KEY'] === undefined
      ? scriptedChunks(client.signal)
      : await new OpenAI().chat.completions.create(
          { model: process.env['OPENAI_MODEL'] ?? 'gpt-4o-mini', messages, stream: true },
          // Aborts the call when the client disconnects.
          { signal: client.signal },
        );
  return eventStream(reply, async function* () {
    let n = 0;
    for await (const chunk of chunks) yield event(n++, JSON.stringify(chunk));
    // Marks the answer as complete.
    yield event(n, '[DONE]');
  });
});

/** Scripted chunks in the format of OpenAI, used without a key. */
async function* scriptedChunks(signal: AbortSignal): AsyncGenerator<object> {
  const created = Math.floor(Date.now() / 1000);
  const chunk = (delta: object, finish_reason: string | null) => ({
    id: 'chatcmpl-scripted',
    object: 'chat.completion.chunk',
    created,
    model: 'scripted',
    choices: [{ index: 0, delta, finish_reason }],
  });
  yield chunk({ role: 'assistant', content: '' }, null);
  for (const content of ['Hello', ' world,', ' says', ' the', ' script', '.']) {
    yield chunk({ content }, null);
    await pause(50, signal);
  }
  yield chunk({}, 'stop');
}

// Rung 7, context and clean-up: every step of the generator sees its own request, and ends with its client.
const requestContext = new AsyncLocalStorage<{ id: string }>();
let openStreams = 0;

app.get('/rung/7', (request, reply) => {
  const id = String(request.headers['x-request-id'] ?? 'none');
  return requestContext.run({ id }, () => eventStream(reply, (signal) => inContext(contextEvents(signal))));

  async function* contextEvents(signal: AbortSignal) {
    openStreams++;
    try {
      yield `: open ${openStreams}\n\n`;
      for (let n = 0; n < 10; n++) {
        yield event(n, JSON.stringify({ step: n + 1, request: requestContext.getStore()?.id }));
        await pause(delayOf(request.query, 50), signal);
      }
    } finally {
      // Runs at the end, and when the client disconnects: the stream then calls return() of the generator.
      openStreams--;
    }
  }
});

/**
 * Runs every step of a generator in the context of this call. Otherwise a step may run in the context of the socket that
 * has drained, which belongs to an earlier request.
 */
function inContext<T>(events: AsyncGenerator<T>): AsyncIterableIterator<T> {
  const run = AsyncLocalStorage.snapshot();
  return {
    next: () => run(() => events.next()),
    return: (value) => run(() => events.return(value)),
    throw: (error) => run(() => events.throw(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT'] ?? 8000) });
