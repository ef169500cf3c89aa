import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../fixtures/seeded-random.ts';

const reasoning =
  'The user asks why the last event of their stream never arrives. A block is dispatched by the blank line after it, so a body that ends without one loses its last event. I look up what the proxy in front of it does, too.';
const answer = `Your last event is lost because nothing **dispatches** it: a block is dispatched by the blank line that follows it, and your server closes the connection right after \`data:\`.

1. Write \`\\n\\n\` after every event, the last one included.
2. Send a comment such as \`: keep-alive\` every 15 seconds, so that no proxy takes the silence for the end.
3. Turn off response buffering in front of the server, or all events arrive at once.

With these three in place every token reaches the reader when it is written, not when the answer is done.`;
const search = '{"query":"proxy buffering of event streams","sites":["docs.example"],"limit":3}';

type Delta = Record<string, unknown>;

/** What a model sends: pieces like tokens, thinking first, then a tool call, then the answer. */
function deltas(): Delta[] {
  const call = (text: string, begin: object = {}): Delta => ({
    tool_calls: [
      {
        index: 0,
        ...begin,
        function: { ...('id' in begin ? { name: 'search_docs' } : {}), arguments: text },
      },
    ],
  });
  return [
    { role: 'assistant', content: null },
    ...pieces(reasoning).map((piece) => ({ reasoning_content: piece })),
    call('', { id: 'call_7f3a', type: 'function' }),
    ...pieces(search).map((piece) => call(piece)),
    ...pieces(answer).map((piece) => ({ content: piece })),
  ];
}

function pieces(text: string): string[] {
  return text.match(/\s?[\p{L}\p{N}]{1,6}|\s+|[^\s\p{L}\p{N}]{1,2}/gu) ?? [];
}

/** A server for pictures: a chat at a model's pace, one that is cut off, and a plain ticker. */
export class ChatServer {
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void answerTo(request, response));
  }

  static async start(): Promise<ChatServer> {
    const server = new ChatServer();
    server.#server.listen(8080, '127.0.0.1');
    server.#server.on('error', () => server.#server.listen(0, '127.0.0.1'));
    await once(server.#server, 'listening');
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function answerTo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const random = seededRandom('a model');
  request.resume();
  const { pathname } = new URL(request.url ?? '/', 'http://chat');
  if (pathname === '/missing') {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  if (pathname === '/clock') {
    for (let n = 0; n < 12; n++) response.write(`id: ${n}\nevent: tick\ndata: {"n":${n}}\n\n`);
    response.end();
    return;
  }
  const all = deltas();
  const count = pathname.includes('responses') ? 60 : all.length;
  response.write(': welcome\n\n');
  await pause(340);
  for (const [n, delta] of all.slice(0, count).entries()) {
    if (response.destroyed) return;
    response.write(event(delta, null));
    // A model is quick, slow and now and then silent; some of its tokens leave together.
    if (n === 44) {
      await pause(900);
      response.write(': keep-alive\n\n');
      await pause(500);
    } else if (random() > 0.25) await pause(8 + random() * random() * 70);
  }
  if (count < all.length) {
    response.destroy();
    return;
  }
  response.write(`${event({}, 'stop')}data: [DONE]\n\n`);
  response.end();
}

function event(delta: Delta, finish: string | null): string {
  const chunk = {
    id: 'chatcmpl-9kQ2',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: 'example-model',
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
