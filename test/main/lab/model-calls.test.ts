import { describe, expect, test } from 'vitest';
import { LabLog } from '../../../src/main/lab/lab-log.ts';
import { ModelCalls } from '../../../src/main/lab/model-calls.ts';
import { serveAnswers } from '../client/local-servers.ts';

const PIECE = 'data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"hi"}}]}\n\n';

/** Calls a model with these variables set, and gives the texts that came. */
async function call(baseUrl: string, environment: Record<string, string>): Promise<string[]> {
  const calls = new ModelCalls(new LabLog(), environment);
  const texts: string[] = [];
  const upstream = { baseUrl, apiKey: 'none', model: 'm' };
  const { signal } = new AbortController();
  try {
    for await (const chunk of calls.stream({ upstream, api: 'chat', prompt: 'p', signal })) {
      if ('choices' in chunk) texts.push(chunk.choices[0]?.delta?.content ?? '');
    }
  } finally {
    await calls.close();
  }
  return texts;
}

describe('calls to a model go through the proxies that the clients use', () => {
  test.each(['http_proxy', 'HTTP_PROXY', 'ALL_PROXY'])('named by %s, in absolute form', async (name) => {
    let head = '';
    const proxy = await serveAnswers((socket, received) => {
      head = received;
      socket.end(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n${PIECE}data: [DONE]\n\n`);
    });
    const environment = { [name]: proxy.replace('//', '//user:pa%3Ass@') };
    expect(await call('http://upstream.test/v1', environment)).toEqual(['hi']);
    expect(head).toMatch(/^POST http:\/\/upstream\.test\/v1\/chat\/completions HTTP\/1\.1\r\n/);
    const credentials = Buffer.from('user:pa:ss').toString('base64');
    expect(head.toLowerCase()).toContain(`proxy-authorization: basic ${credentials}`.toLowerCase());
  });

  test('through a tunnel where the model speaks TLS', async () => {
    let head = '';
    const proxy = await serveAnswers((socket, received) => {
      head = received;
      socket.end('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n');
    });
    await expect(call('https://upstream.test/v1', { ALL_PROXY: proxy })).rejects.toThrow();
    expect(head).toMatch(/^CONNECT upstream\.test:443 HTTP\/1\.1\r\n/);
  });

  test('but not for hosts in NO_PROXY or on loopback', async () => {
    const model = await serveAnswers((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n${PIECE}data: [DONE]\n\n`),
    );
    const nobody = 'http://127.0.0.1:1';
    expect(await call(`${model}/v1`, { ALL_PROXY: nobody })).toEqual(['hi']);
    await expect(
      call('http://upstream.invalid/v1', { ALL_PROXY: model, NO_PROXY: '.invalid' }),
    ).rejects.toThrow();
  });
});
