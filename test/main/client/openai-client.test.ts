import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { Deferred } from '../../../src/core/deferred.ts';
import type { LibraryEvent } from '../../../src/main/client/client.ts';
import { EVENT_STREAM, serveHttp } from './local-servers.ts';
import { containing } from './containing.ts';
import { OpenedStream } from './opened-stream.ts';

const REQUEST = '{"model":"m","stream":true, "messages":[{"role":"user","content":"π"}]}';
const delta = (content: string): string =>
  `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;

/** An event of the Responses API. */
const event = (type: string, rest: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

/** Opens with the package, and collects the values that its stream yields. */
function openWith(
  params: ConstructorParameters<typeof OpenedStream>[0],
  onFirst: () => void = () => undefined,
): { stream: OpenedStream; values: unknown[] } {
  const values: unknown[] = [];
  const onLibraryEvent = (event: LibraryEvent): void => {
    if (event.client !== 'openai') return;
    if (values.push(event.value) === 1) onFirst();
  };
  const stream = new OpenedStream({ client: 'openai', ...params }, { onLibraryEvent });
  return { stream, values };
}

const problemsOf = (stream: OpenedStream): unknown[] =>
  stream
    .notes('log')
    .map(({ fields }) => fields['text'])
    .filter((text) => typeof text === 'string' && text.startsWith('openai:'));

describe('the openai client', () => {
  test('sends the URL, headers and body exactly as given, and no key of its own', async () => {
    const seen: unknown[] = [];
    const origin = await serveHttp((request, response) => {
      seen.push(request.method, request.url, request.headers.authorization, request.headers['content-type']);
      request.on('data', (bytes: Buffer) => seen.push(bytes.toString()));
      request.on('end', () => response.writeHead(200, EVENT_STREAM).end('data: [DONE]\n\n'));
    });
    const url = `${origin}/openai/deployments/x/chat/completions?api-version=1`;
    await openWith({ url, body: REQUEST, headers: [['Authorization', 'Bearer mine']] }).stream.end;
    await openWith({ url, body: REQUEST }).stream.end;
    const path = new URL(url).pathname + new URL(url).search;
    expect(seen).toEqual([
      'POST',
      path,
      'Bearer mine',
      'application/json',
      REQUEST,
      'POST',
      path,
      undefined,
      'application/json',
      REQUEST,
    ]);
  });

  test('reports each delta as it arrives, and also records bytes after [DONE]', async () => {
    const hasFirst = new Deferred<void>();
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, EVENT_STREAM).write(delta('Hel'));
      // The second is sent only after the package has yielded the first.
      void hasFirst.promise.then(() => response.end(`${delta('lo')}data: [DONE]\n\n: after\n\n`));
    });
    const { stream, values } = openWith({ url: `${origin}/v1/chat/completions`, body: REQUEST }, () =>
      hasFirst.resolve(),
    );
    expect((await stream.end).reason).toBe('complete');
    expect(values).toMatchObject([
      { choices: [{ delta: { content: 'Hel' } }] },
      { choices: [{ delta: { content: 'lo' } }] },
    ]);
    expect(stream.text.endsWith(': after\n\n')).toBe(true);
    expect(problemsOf(stream)).toEqual([]);
  });

  test.each([
    ['a 401', 401, '{"error":{"message":"bad key"}}', 'openai: 401 bad key'],
    ['malformed JSON', 200, `${delta('a')}data: {"cut\n\n${delta('b')}`, 'malformed server-sent event JSON'],
    [
      'an error in the stream',
      200,
      `${delta('a')}data: {"error":{"message":"overloaded"}}\n\n${delta('b')}`,
      'overloaded',
    ],
  ])('notes what the package says of %s, and keeps every byte', async (_name, status, body, why) => {
    const origin = await serveHttp((_request, response) =>
      response.writeHead(status, EVENT_STREAM).end(body),
    );
    const { stream } = openWith({ url: origin, body: REQUEST });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe(body);
    expect(problemsOf(stream)).toEqual([containing(why)]);
  });

  test('yields the same values as the package with its own fetch', async () => {
    const body = Array.from({ length: 50 }, (_, n) => delta(`é${n}`)).join('');
    const origin = await serveHttp((_request, response) =>
      response.writeHead(200, EVENT_STREAM).end(`${body}data: [DONE]\n\n`),
    );
    const { stream, values } = openWith({ url: `${origin}/chat/completions`, body: REQUEST });
    await stream.end;
    const plain = new OpenAI({ apiKey: 'x', baseURL: origin });
    const expected: unknown[] = [];
    for await (const chunk of await plain.chat.completions.create({ model: 'm', messages: [], stream: true }))
      expected.push(chunk);
    expect(values).toEqual(expected);
    expect(values).toHaveLength(50);
  });

  test('reads the Responses API as the package does, including the error event', async () => {
    const text = event('response.output_text.delta', { delta: 'Hi' });
    const origin = await serveHttp((request, response) => {
      const failure = request.url?.startsWith('/bad') ? event('error', { message: 'overloaded' }) : '';
      response.writeHead(200, EVENT_STREAM).end(`${text}${failure}`);
    });
    const good = openWith({ url: `${origin}/v1/responses`, body: REQUEST });
    await good.stream.end;
    expect(good.values).toEqual([{ type: 'response.output_text.delta', delta: 'Hi' }]);
    expect(problemsOf(good.stream)).toEqual([]);
    const bad = openWith({ url: `${origin}/bad/v1/responses`, body: REQUEST });
    await bad.stream.end;
    expect(bad.values[0]).toEqual(good.values[0]);
    expect([...bad.values, ...problemsOf(bad.stream)].length).toBe(2);
  });

  test('ends as the connection did, and tries only once', async () => {
    let requests = 0;
    const origin = await serveHttp((_request, response) => {
      requests += 1;
      response.writeHead(200, EVENT_STREAM).write(delta('a'), () => setImmediate(() => response.destroy()));
    });
    const { stream, values } = openWith({ url: origin, body: REQUEST });
    expect((await stream.end).reason).toBe('premature-close');
    expect(values).toHaveLength(1);
    expect(await openWith({ url: 'http://127.0.0.1:1/' }).stream.end).toMatchObject({
      error: { code: 'ECONNREFUSED' },
    });
    const failing = await serveHttp((_request, response) => {
      requests += 1;
      response.writeHead(500).end('{}');
    });
    expect((await openWith({ url: failing, body: REQUEST }).stream.end).reason).toBe('complete');
    expect(requests).toBe(2);
  });

  test('is aborted at once without an error', async () => {
    const origin = await serveHttp(
      (_request, response) => void response.writeHead(200, EVENT_STREAM).write(delta('a')),
    );
    const { stream, values } = openWith({ url: origin, body: REQUEST });
    await stream.until(() => stream.chunks.length > 0);
    expect((await stream.abort()).reason).toBe('aborted');
    expect(values.length).toBeLessThanOrEqual(1);
    expect(problemsOf(stream)).toEqual([]);
  });

  test('a body larger than the package reads at once arrives completely', async () => {
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, EVENT_STREAM);
      for (let n = 0; n < 5000; n += 1) response.write(delta('x'.repeat(400)));
      response.end('data: [DONE]\n\n');
    });
    const { stream, values } = openWith({ url: origin, body: REQUEST });
    expect((await stream.end).reason).toBe('complete');
    expect(values).toHaveLength(5000);
  });
});
