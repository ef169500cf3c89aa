import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { startNginx } from '../../fixtures/nginx.ts';
import { haveRealPart, PYTHON } from '../../fixtures/real-parts.ts';
import { ServerProcess } from '../../fixtures/server-process.ts';
import { OpenedStream } from './opened-stream.ts';

const FLASK_SERVER = join(import.meta.dirname, '../../fixtures/flask_sse.py');
const hasFlask = haveRealPart('Flask');
const hasNginx = haveRealPart('nginx');

let flask: ServerProcess;
let flaskOrigin = '';

beforeAll(async () => {
  if (!hasFlask) return;
  flask = new ServerProcess(PYTHON, [FLASK_SERVER]);
  const [, port] = await flask.printed(/^port (\d+)/m);
  flaskOrigin = `http://127.0.0.1:${port}`;
});
afterAll(() => flask?.stop());

const dataOf = (stream: OpenedStream): string[] =>
  derive(stream.records)
    .blocks.filter(({ kind }) => kind === 'event')
    .map(({ data }) => data);

/** Times of arrival, ms since the first. */
function arrivals(stream: OpenedStream): number[] {
  const events = derive(stream.records).blocks.filter(({ kind }) => kind === 'event');
  return events.map(({ at }) => (at ?? Number.NaN) - (events[0]?.at ?? Number.NaN));
}

describe.skipIf(!hasFlask)('a Flask server', () => {
  test('is read event by event: each arrives before the next is yielded', async () => {
    const yielded = (): number => [...flask.output.matchAll(/^yield /gm)].length;
    const before = yielded();
    const stream = new OpenedStream({ url: `${flaskOrigin}/steps?n=4` });
    for (let n = 1; n <= 4; n++) {
      await fetch(`${flaskOrigin}/next`, { method: 'POST' });
      await stream.until(() => dataOf(stream).length === n);
      // Its output arrives separately from the stream.
      await vi.waitFor(() => expect(yielded() - before).toBe(n), 10_000);
    }
    expect((await stream.end).reason).toBe('complete');
    expect(dataOf(stream)).toEqual(['step 0', 'step 1', 'step 2', 'step 3']);
    const times = arrivals(stream);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    // Each in its own read; the framing between them may have one, too.
    expect(new Set(stream.chunks.map(({ read }) => read)).size).toBe(4);
  });

  test('receives the request body', async () => {
    const stream = new OpenedStream({ url: `${flaskOrigin}/ticks?n=2&delay=0`, body: 'π' });
    expect((await stream.end).reason).toBe('complete');
    expect(dataOf(stream)).toEqual(['π 0', 'π 1']);
  });

  test('whose generator fails is not complete if the framing shows it', async () => {
    const stream = new OpenedStream({ url: `${flaskOrigin}/fails` });
    const end = await stream.end;
    expect(dataOf(stream)).toEqual(['1']);
    // The development server sends HTTP/1.0 without a length: a failure looks like the end.
    const isFramed = stream.responses[0]?.headers.some(([name]) =>
      /^(transfer-encoding|content-length)$/i.test(name),
    );
    expect(end.reason).toBe(isFramed ? 'premature-close' : 'complete');
  });

  test('sees an abort', async () => {
    const stream = new OpenedStream({ url: `${flaskOrigin}/ticks?n=1000&delay=0.02` });
    await stream.until(() => stream.chunks.length > 2);
    expect((await stream.abort()).reason).toBe('aborted');
  });
});

describe.skipIf(!hasFlask || !hasNginx)('nginx in between', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sse-inspector-nginx-'));
  let nginx: ServerProcess;
  let origin = '';

  beforeAll(async () => {
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    nginx = await startNginx(folder, port, [
      `location /unbuffered/ { proxy_pass ${flaskOrigin}/; proxy_buffering off; }`,
      'gzip_min_length 1;',
      `location /gzip/ { proxy_pass ${flaskOrigin}/; proxy_buffering off; gzip on; }`,
      `location /gzip-buffered/ { proxy_pass ${flaskOrigin}/; proxy_buffering on; gzip on; }`,
      'location /gone/ { proxy_pass http://127.0.0.1:1/; }',
    ]);
  });
  afterAll(async () => {
    await nginx?.stop();
    rmSync(folder, { recursive: true });
  });

  test('without buffering passes each event on', async () => {
    const stream = new OpenedStream({ url: `${origin}/unbuffered/ticks?n=4&delay=0.1` });
    expect((await stream.end).reason).toBe('complete');
    expect(dataOf(stream)).toHaveLength(4);
    expect(arrivals(stream)[3]).toBeGreaterThan(250);
  });

  test('with buffering and gzip delivers everything in one read at the end', async () => {
    const stream = new OpenedStream({ url: `${origin}/gzip-buffered/ticks?n=4&delay=0.1` });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.responses[0]?.headers).toContainEqual(['Content-Encoding', 'gzip']);
    expect(dataOf(stream)).toEqual(['nobody 0', 'nobody 1', 'nobody 2', 'nobody 3']);
    expect(new Set(stream.chunks.map(({ read }) => read)).size).toBe(1);
    expect(stream.chunks[0]?.at).toBeGreaterThan(290);
  });

  test('with gzip and without buffering is decoded event by event', async () => {
    const stream = new OpenedStream({ url: `${origin}/gzip/ticks?n=4&delay=0.1` });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.responses[0]?.headers).toContainEqual(['Content-Encoding', 'gzip']);
    expect(dataOf(stream)).toEqual(['nobody 0', 'nobody 1', 'nobody 2', 'nobody 3']);
    expect(arrivals(stream)[3]).toBeGreaterThan(250);
    expect(stream.chunks.every(({ wireBytes }) => wireBytes > 0)).toBe(true);
  });

  test('without an upstream responds with 502, which is recorded', async () => {
    const stream = new OpenedStream({ url: `${origin}/gone/` });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.responses[0]?.status).toBe(502);
    expect(stream.text).toContain('<h1>502 Bad Gateway</h1>');
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
