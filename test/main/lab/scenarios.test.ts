import { EventSource } from 'eventsource';
import { createParser } from 'eventsource-parser';
import { expect, test } from 'vitest';
import { labUnderTest } from './lab-under-test.ts';

function eventsOf(text: string): { type: string; data: string }[] {
  const events: { type: string; data: string }[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ type: event ?? 'message', data }),
  });
  parser.feed(text);
  return events;
}

test('every endpoint answers with an event stream that has events', async () => {
  const lab = await labUnderTest();
  for (const { id, url } of lab.endpoints) {
    if (id === 'ndjson') continue;
    const query = id === 'clock' ? '?delay=0&count=3' : id === 'burst' ? '?count=3' : '?delay=1';
    const response = await fetch(`${url}${id === 'node-client' ? '' : query}`, {
      signal: AbortSignal.timeout(10_000),
    });
    expect([id, response.status]).toEqual([id, 200]);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect([id, eventsOf(await response.text()).length > 2]).toEqual([id, true]);
  }
}, 15_000);

test('the JSON lines scenario sends a line for each token and a last line with done', async () => {
  const { origin } = await labUnderTest();
  const response = await fetch(`${origin}/scenarios/ndjson?delay=0&prompt=Hi`);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const text = await response.text();
  expect(text.endsWith('\n')).toBe(true);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { message: { content: string }; done: boolean });
  expect(lines.map(({ done }) => done)).toEqual([...lines.slice(1).map(() => false), true]);
  expect(lines.map(({ message }) => message.content).join('')).toContain('You said: “Hi”');
  const short = await (await fetch(`${origin}/scenarios/ndjson?delay=0&count=3`)).text();
  expect(short.match(/\n/g)).toHaveLength(3);
});

test('closing the lab ends a stream of JSON lines without a comment', async () => {
  const lab = await labUnderTest();
  const response = await fetch(`${lab.origin}/scenarios/ndjson?delay=60000`);
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const first = await reader.read();
  await lab.close();
  expect(new TextDecoder().decode(first.value)).toMatch(/^\{.*\}\n$/);
  expect(await reader.read()).toEqual({ done: true, value: undefined });
});

test('count, size and line ending follow the query', async () => {
  const { origin } = await labUnderTest();
  const text = await (await fetch(`${origin}/scenarios/burst?count=7&size=1000&eol=crlf`)).text();
  expect(text.match(/\r\n\r\n/g)).toHaveLength(7);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(eventsOf(text).every(({ data }) => data.length === 1000)).toBe(true);
});

test('sizes and counts are limited', async () => {
  const { origin } = await labUnderTest();
  for (const query of [
    'count=1000001',
    'size=99999999',
    'count=1000000&size=33554432',
    'heartbeat=1',
    'eol=lfcr',
  ]) {
    expect([query, (await fetch(`${origin}/scenarios/burst?${query}`)).status]).toEqual([query, 400]);
  }
});

test('a silent stream has heartbeats', async () => {
  const { origin } = await labUnderTest();
  const { body } = await fetch(`${origin}/scenarios/clock?delay=60000&heartbeat=10`);
  let text = '';
  // Leaving the loop closes the stream.
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    if ((text.match(/: heartbeat\n\n/g)?.length ?? 0) > 1) break;
  }
  expect(text).toMatch(/"tick":1\}\n\n(: heartbeat\n\n){2}$/);
});

test('an EventSource resumes the clock after each cut', async () => {
  const { origin } = await labUnderTest();
  const source = new EventSource(`${origin}/scenarios/clock?count=5&part=2&delay=0&retry=1`);
  const ids: string[] = [];
  await new Promise<void>((resolve) => {
    source.addEventListener('tick', ({ lastEventId }) => {
      ids.push(lastEventId);
      if (lastEventId === '5') resolve();
    });
  });
  source.close();
  expect(ids).toEqual(['1', '2', '3', '4', '5']);
});

test.each([
  ['utf8', /[\u0080-\u{10ffff}]/u],
  ['crlf', /\r\n/],
  ['field-name', /data/],
])('split points inside=%s make several chunks and change no byte', async (inside, about) => {
  const { origin } = await labUnderTest();
  const whole = await (await fetch(`${origin}/scenarios/split?size=1000`)).text();
  const response = await fetch(`${origin}/scenarios/split?inside=${inside}&delay=0`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) chunks.push(chunk);
  expect(chunks.length).toBeGreaterThan(3);
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  expect(text).toBe(whole);
  expect(text).toMatch(about);
});

test('a scenario supports every delivery fault', async () => {
  const { origin } = await labUnderTest();
  const get = (fault: string): Promise<Response> => fetch(`${origin}/scenarios/json?delay=0&break=${fault}`);
  expect((await get('wrong-content-type')).headers.get('content-type')).toContain('text/plain');
  expect((await get('http-status')).status).toBe(503);
  expect(eventsOf(await (await get('drop-event')).text())).toHaveLength(11);
  await expect(get('premature-close').then((response) => response.text())).rejects.toThrow('terminated');
});
