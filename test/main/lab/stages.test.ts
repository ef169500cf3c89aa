import { connect } from 'node:net';
import type OpenAI from 'openai';
import { expect, test } from 'vitest';
import { startLab } from '../../../src/main/lab/lab.ts';
import { cutText, malformedText } from '../../../src/main/lab/stages/json.ts';
import { trickyStream } from '../../../src/main/lab/stages/node-client.ts';
import { dataOf, entry, labUnderTest, member } from './lab-under-test.ts';

async function bytes(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

test('rung 2 allows the page of an allowed origin, and with no-cors no page', async () => {
  const lab = await labUnderTest();
  const origin = 'http://127.0.0.1:9';
  lab.allowOrigin(origin);
  const allowed = async (query: string): Promise<string | null> => {
    const response = await fetch(`${lab.origin}/stages/browser?delay=0${query}`, { headers: { origin } });
    await response.text();
    return response.headers.get('access-control-allow-origin');
  };
  expect(await allowed('')).toBe(origin);
  expect(await allowed('&break=no-cors')).toBeNull();
  expect(await allowed('&break=foreign-cors')).toBe('http://another.example');
});

test('rung 3 sends the same bytes for any cuts, in that many chunks', async () => {
  const lab = await labUnderTest();
  for (const cut of ['1', '2', '30', '30,31,32', String(trickyStream.length - 1)]) {
    const response = await fetch(`${lab.origin}/stages/node-client?cut=${cut}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) chunks.push(chunk);
    expect(chunks).toHaveLength(cut.split(',').length + 1);
    expect(Buffer.concat(chunks).equals(trickyStream)).toBe(true);
  }
});

test('rung 3 rejects cuts outside the stream', async () => {
  const lab = await labUnderTest();
  for (const cut of ['0', '5,4', '5,5', '9999', '-1', 'x', '']) {
    expect([cut, (await fetch(`${lab.origin}/stages/node-client?cut=${cut}`)).status]).toEqual([cut, 400]);
  }
});

test('each break of rung 3 changes the bytes that it names', async () => {
  const lab = await labUnderTest();
  const url = `${lab.origin}/stages/node-client?break=`;
  expect((await bytes(`${url}no-final-blank-line`)).equals(trickyStream.subarray(0, -1))).toBe(true);
  expect((await bytes(`${url}utf8-broken`)).includes(0xff)).toBe(true);
});

test('rung 4 yields after each pause, and buffer holds all events back until the end', async () => {
  const lab = await labUnderTest();
  const chunksOf = async (query: string): Promise<number> => {
    let chunks = 0;
    for await (const _ of (await fetch(`${lab.origin}/stages/async?count=4&delay=10${query}`)).body ?? [])
      chunks++;
    return chunks;
  };
  expect(await chunksOf('')).toBe(4);
  expect(await chunksOf('&break=buffer')).toBe(1);
});

test('rung 5 cuts its text at every position, but never inside a surrogate pair', async () => {
  const lab = await labUnderTest();
  for (let cut = 1; cut < cutText.length; cut++) {
    const data = dataOf(await (await fetch(`${lab.origin}/stages/json?mode=events&cut=${cut}`)).text());
    expect(data).toHaveLength(2);
    expect(data.join('')).toBe(cutText);
  }
});

test('rung 5 sends JSON that is malformed at the stated position', async () => {
  const lab = await labUnderTest();
  const data = dataOf(await (await fetch(`${lab.origin}/stages/json?mode=malformed`)).text());
  expect(data[1]).toBe(malformedText.data);
  const parsed = ((): unknown => {
    try {
      return JSON.parse(malformedText.data);
    } catch (error) {
      return error;
    }
  })();
  expect(parsed).toBeInstanceOf(SyntaxError);
  expect(malformedText.data.slice(malformedText.problemAt)).toBe('oops}');
});

test('rung 6 passes each delta on before the next arrives, and ends with the sentinel', async () => {
  const lab = await labUnderTest();
  const response = await fetch(`${lab.origin}/stages/openai?delay=2&request=relay`);
  const data = dataOf(await response.text());
  expect(data.at(-1)).toBe('[DONE]');
  const text = data
    .slice(0, -1)
    .map((each) => (JSON.parse(each) as OpenAI.ChatCompletionChunk).choices[0]?.delta.content ?? '')
    .join('');
  expect(text).toContain('You said: “Say hello to the world.”');
  const order = lab.log.entries('relay').filter(({ kind }) => kind === 'upstream' || kind === 'written');
  const states = order.map((each) => (each.kind === 'upstream' ? each.state : each.kind));
  expect(states.slice(0, 5)).toEqual(['open', 'delta', 'written', 'delta', 'written']);
});

test('rung 6 passes a Responses stream on with its event types', async () => {
  const lab = await labUnderTest();
  const text = await (await fetch(`${lab.origin}/stages/openai?api=responses&delay=0`)).text();
  expect(text).toMatch(/^event: response\.created\n/);
  expect(text).toContain('event: response.output_text.delta\n');
  expect(text.trimEnd().split('\n').at(-2)).toBe('event: response.completed');
});

test.each([
  ['scripted/unauthorized', 'invalid_api_key', 401],
  ['scripted/rate-limit', 'rate_limit_exceeded', 429],
  ['scripted/server-error', 'server_error', 500],
  ['no-such-model', 'model_not_found', 404],
  ['scripted/error-in-stream', 'scripted_error', null],
  ['scripted/cut', 'upstream_cut', undefined],
  ['scripted/html', 'not_an_event_stream', undefined],
])('rung 6 ends with an error event when the upstream is %s', async (model, code, status) => {
  const lab = await labUnderTest();
  for (const api of ['chat', 'responses']) {
    const url = `${lab.origin}/stages/openai?api=${api}&delay=0&model=${model}`;
    const body = await (await fetch(url)).text();
    expect(body).toContain('event: error\n');
    const error = member(dataOf(body).at(-1), 'error');
    expect([api, error]).toEqual([api, expect.objectContaining({ code })]);
    if (status !== undefined) expect(error).toHaveProperty('status', status);
  }
});

test('rung 6 reports an unreachable base URL and never shows the key', async () => {
  const lab = await labUnderTest();
  const gone = await startLab();
  await gone.close();
  const upstream = lab.openUpstream({ baseUrl: `${gone.origin}/v1`, apiKey: 'sk-very-secret', model: 'm' });
  const body = await (
    await fetch(`${lab.origin}/stages/openai?upstream=${upstream.id}&request=secret`)
  ).text();
  expect(member(dataOf(body)[0], 'error')).toMatchObject({
    code: 'upstream_unreachable',
    cause: 'ECONNREFUSED',
  });
  expect(JSON.stringify(lab.log.entries())).not.toContain('sk-very-secret');
  upstream.close();
  expect((await fetch(`${lab.origin}/stages/openai?upstream=${upstream.id}`)).status).toBe(400);
});

test('rung 7 sees the context of its request in every yield of 50 parallel streams', async () => {
  const lab = await labUnderTest();
  const one = async (source: string, n: number): Promise<void> => {
    const id = `${source}-${n}`;
    const url = `${lab.origin}/stages/context?source=${source}&delay=1&request=${id}`;
    for (const data of dataOf(await (await fetch(url)).text())) expect(member(data, 'context')).toBe(id);
    expect(lab.log.entries(id).every(({ contextId }) => contextId === id)).toBe(true);
  };
  await Promise.all(Array.from({ length: 50 }, (_, n) => one(n % 2 === 0 ? 'steps' : 'model', n)));
  const upstreams = lab.log
    .entries()
    .filter((each) => each.kind === 'request' && each.endpoint === 'scripted-model');
  expect(new Set(upstreams.map(({ requestId }) => requestId)).size).toBe(25);
  expect(upstreams.every(({ requestId }) => /^model-\d+\.upstream$/.test(requestId ?? ''))).toBe(true);
});

test('lose-context mixes up the contexts of two parallel requests', async () => {
  const lab = await labUnderTest();
  const contexts = async (id: string): Promise<unknown[]> => {
    const url = `${lab.origin}/stages/context?delay=5&break=lose-context&request=${id}`;
    return dataOf(await (await fetch(url)).text()).map((data) => member(data, 'context'));
  };
  const [a, b] = await Promise.all([contexts('a'), contexts('b')]);
  expect(a?.every((context) => context === 'a') && b?.every((context) => context === 'b')).toBe(false);
});

test.each([
  ['', true],
  ['&break=leak-upstream', false],
])('a client that disconnects aborts its upstream call%s', async (query, aborted) => {
  const lab = await labUnderTest();
  const abort = new AbortController();
  const url = `${lab.origin}/stages/context?source=model&delay=60000&request=gone${query}`;
  const response = await fetch(url, { signal: abort.signal });
  const first = entry(
    lab,
    (each) => each.requestId === 'gone' && each.kind === 'upstream' && each.state === 'delta',
  );
  await response.body?.getReader().read();
  await first;
  abort.abort();
  await entry(lab, (each) => each.requestId === 'gone' && each.kind === 'close');
  expect(lab.counts().calls).toBe(aborted ? 0 : 1);
  if (!aborted) return;
  const gone = await entry(lab, (each) => each.requestId === 'gone.upstream' && each.kind === 'client-gone');
  expect(gone.contextId).toBe('gone.upstream');
});

test('a client that does not read stops the generator, except with ignore-backpressure', async () => {
  const lab = await labUnderTest();
  const { port, host } = new URL(lab.origin);
  const count = 400;
  const peak = async (query: string, id: string): Promise<number> => {
    const socket = connect(Number(port), '127.0.0.1');
    // Paused from the start: the kernel's buffers fill, then the server's.
    socket.pause();
    const path = `/stages/context?size=131072&delay=0&count=${count}&request=${id}${query}`;
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    await entry(lab, (each) => each.requestId === id && (each.kind === 'wait' || each.kind === 'finally'));
    socket.destroy();
    const close = await entry(lab, (each) => each.requestId === id && each.kind === 'close');
    return close.kind === 'close' ? close.peakBuffered : 0;
  };
  expect(await peak('', 'slow')).toBeLessThan(1024 * 1024);
  expect(await peak('&break=ignore-backpressure', 'flood')).toBeGreaterThan(8 * 1024 * 1024);
});
