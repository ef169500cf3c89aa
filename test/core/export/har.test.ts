import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Capture, CaptureRecord } from '../../../src/core/capture/record.ts';
import { exportCapture } from '../../../src/core/export/formats.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json/json-value.ts';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { arbitraryCapture } from '../capture/arbitrary-capture.ts';
import { collect, readCaptures } from '../import/read-captures.ts';

const encoder = new TextEncoder();
const creator = { name: 'SSE Inspector', version: '0.0.0' };

const chunk = (at: number, read: number, text: string | Uint8Array): CaptureRecord => {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  return { kind: 'chunk', at, read, wireBytes: bytes.length + 5, bytes };
};

const example: Capture = {
  header: {
    format: 'ssecap',
    version: 1,
    request: {
      method: 'POST',
      url: 'https://example.test/v1/stream?model=a%20b&x=1+2&flag',
      headers: [
        ['Content-Type', 'application/json'],
        ['Cookie', 'a=1; b=2'],
      ],
      client: 'raw',
      body: '{"ä":1}',
    },
    startedAt: '2026-01-02T03:04:05.678Z',
    name: 'my capture',
  },
  records: [
    { kind: 'note', at: 1, note: 'phase', fields: { phase: 'lookup', ms: 2 } },
    { kind: 'note', at: 4, note: 'phase', fields: { phase: 'connect', ms: 3 } },
    { kind: 'note', at: 8, note: 'phase', fields: { phase: 'tls', ms: 4 } },
    {
      kind: 'response',
      at: 20.25,
      status: 200,
      headers: [
        ['Content-Type', 'text/event-stream; charset=utf-8'],
        ['Set-Cookie', 's=1; Path=/; Secure; HttpOnly; Expires=Thu, 01 Jan 2026 00:00:00 GMT'],
      ],
      httpVersion: 'HTTP/1.1',
      url: 'https://example.test/elsewhere',
    },
    chunk(30, 0, 'id: 7\nevent: tick\ndata: {"a"'),
    { kind: 'note', at: 31, note: 'yield', fields: { n: 1 } },
    chunk(40.5, 1, ': "ä"}\n\ndata: second\n\n: ping\n\n'),
    chunk(50, 2, 'data: unfinished'),
    { kind: 'end', at: 60, reason: 'premature-close', error: { code: 'ECONNRESET', message: 'closed' } },
  ],
};

async function exportHarText(capture: Capture, withSecrets = true): Promise<string> {
  const source = { header: capture.header, records: () => capture.records };
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    await collect(exportCapture(source, 'har', { creator, withSecrets })),
  );
}

async function entryOf(capture: Capture, withSecrets = true): Promise<JsonObject> {
  const har = JSON.parse(await exportHarText(capture, withSecrets)) as { log: { entries: JsonObject[] } };
  return har.log.entries[0] ?? {};
}

const isString = expect.any(String) as string;

describe('HAR export', () => {
  test("writes Chrome's key exactly: seconds since 1970, event type, last event ID or nothing, data", async () => {
    const second = Date.parse(example.header.startedAt) / 1000;
    expect((await entryOf(example))['_eventSourceMessages']).toEqual([
      { time: second + 0.0405, eventName: 'tick', eventId: '7', data: '{"a": "ä"}' },
      { time: second + 0.0405, eventName: 'message', eventId: '7', data: 'second' },
    ]);
    const noId = { ...example, records: [chunk(0, 0, 'data: x\n\n')] };
    expect((await entryOf(noId))['_eventSourceMessages']).toEqual([
      { time: second, eventName: 'message', eventId: '', data: 'x' },
    ]);
  });

  test('is a HAR 1.2 entry with request, response, timings and the whole body', async () => {
    const {
      _eventSourceMessages: _1,
      _sseChunks: chunks,
      _sseCapture: _2,
      ...entry
    } = await entryOf(example);
    expect(entry).toEqual({
      startedDateTime: '2026-01-02T03:04:05.678Z',
      time: 60,
      request: {
        method: 'POST',
        url: 'https://example.test/v1/stream?model=a%20b&x=1+2&flag',
        httpVersion: 'HTTP/1.1',
        cookies: [
          { name: 'a', value: '1' },
          { name: 'b', value: '2' },
        ],
        headers: [
          { name: 'Content-Type', value: 'application/json' },
          { name: 'Cookie', value: 'a=1; b=2' },
        ],
        queryString: [
          { name: 'model', value: 'a b' },
          { name: 'x', value: '1 2' },
          { name: 'flag', value: '' },
        ],
        headersSize: -1,
        bodySize: 8,
        postData: { mimeType: 'application/json', text: '{"ä":1}' },
      },
      response: {
        status: 200,
        statusText: isString,
        httpVersion: 'HTTP/1.1',
        cookies: [
          {
            name: 's',
            value: '1',
            path: '/',
            secure: true,
            httpOnly: true,
            expires: '2026-01-01T00:00:00.000Z',
          },
        ],
        headers: expect.any(Array) as JsonValue[],
        redirectURL: '',
        headersSize: -1,
        bodySize: 90,
        content: {
          size: 75,
          mimeType: 'text/event-stream; charset=utf-8',
          text: 'id: 7\nevent: tick\ndata: {"a": "ä"}\n\ndata: second\n\n: ping\n\ndata: unfinished',
        },
      },
      cache: {},
      timings: { blocked: -1, dns: 2, connect: 7, ssl: 4, send: 0, wait: 11.25, receive: 39.75 },
      _resourceType: 'fetch',
    });
    expect(chunks).toEqual([
      { at: 30, read: 0, base64: isString },
      { at: 40.5, read: 1, base64: isString },
      { at: 50, read: 2, base64: isString },
    ]);
  });

  test('has base64 content where the body is not UTF-8, and text where only its chunks are not', async () => {
    const euro = encoder.encode('data: €\n\n');
    const cut = { ...example, records: [chunk(0, 0, euro.subarray(0, 7)), chunk(0, 1, euro.subarray(7))] };
    expect((await entryOf(cut))['response']).toMatchObject({ content: { text: 'data: €\n\n' } });
    const broken = { ...example, records: [chunk(0, 0, euro.subarray(0, 7))] };
    expect((await entryOf(broken))['response']).toMatchObject({
      content: { encoding: 'base64', text: Buffer.from(euro.subarray(0, 7)).toString('base64') },
    });
  });

  test('opens as the same capture: header, times, chunks, notes and end', async () => {
    const { captures, problems } = readCaptures(await exportHarText(example));
    expect(problems).toEqual([]);
    expect(captures).toEqual([example]);
  });

  test('a capture that reconnected is an entry a response, and opens as one capture', async () => {
    const response = example.records[3] as CaptureRecord;
    const reconnected: Capture = {
      header: example.header,
      records: [
        { ...response, at: 1 },
        chunk(2, 0, 'data: one\n\ndata: lost'),
        { kind: 'note', at: 3, note: 'reconnect', fields: { attempt: 1, delay: 5 } },
        { ...response, at: 10 },
        chunk(11, 1, 'data: two\n\n'),
        chunk(12, 2, ''),
        { kind: 'note', at: 13, note: 'reconnect', fields: { attempt: 2, delay: 5 } },
        { ...response, at: 20 },
        { kind: 'end', at: 30, reason: 'aborted' },
      ],
    };
    const text = await exportHarText(reconnected);
    const har = JSON.parse(text) as { log: { entries: JsonObject[] } };
    expect(har.log.entries.map((entry) => entry['_eventSourceMessages'])).toMatchObject([
      [{ data: 'one' }],
      [{ data: 'two' }],
      [],
    ]);
    expect(readCaptures(text).captures).toEqual([reconnected]);
    // Two such captures in one archive stay two.
    const entries = har.log.entries.concat(har.log.entries);
    expect(readCaptures(JSON.stringify({ log: { entries } })).captures).toEqual([reconnected, reconnected]);
  });

  test("Chrome's key is there for event streams alone, also where a reconnection was answered in JSON lines", async () => {
    const typed = (type: string): CaptureRecord => ({
      kind: 'response',
      at: 1,
      status: 200,
      headers: [['content-type', type]],
      httpVersion: 'HTTP/1.1',
    });
    const reconnect: CaptureRecord = { kind: 'note', at: 3, note: 'reconnect', fields: { attempt: 1 } };
    const mixed: Capture = {
      header: example.header,
      records: [
        typed('text/event-stream'),
        chunk(2, 0, 'data: one\n\n'),
        reconnect,
        typed('application/x-ndjson'),
        chunk(4, 1, '{"a":1}\n{"b":2}'),
        reconnect,
        typed('text/event-stream'),
        chunk(6, 2, 'data: two\n\n'),
        { kind: 'end', at: 7, reason: 'complete' },
      ],
    };
    const text = await exportHarText(mixed);
    const har = JSON.parse(text) as { log: { entries: JsonObject[] } };
    expect(har.log.entries.map((entry) => entry['_eventSourceMessages'])).toMatchObject([
      [{ data: 'one' }],
      undefined,
      [{ data: 'two' }],
    ]);
    expect(readCaptures(text).captures).toEqual([mixed]);
  });

  test('any capture opens with the same records and the same events', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCapture, async (capture) => {
        const { captures, problems } = readCaptures(await exportHarText(capture));
        expect(problems).toEqual([]);
        expect(captures).toHaveLength(1);
        const plain = capture.records.map((record) => {
          // What an archive does not carry: unknown members of responses and chunks, "unknown" for no version.
          if (record.kind !== 'response') return record;
          const { extra: _, ...known } = record;
          return { ...known, httpVersion: record.httpVersion === 'unknown' ? '' : record.httpVersion };
        });
        expect(captures[0]?.records).toEqual(plain);
        expect(derive(captures[0]?.records ?? [])).toEqual(derive(capture.records));
      }),
      { numRuns: 200 },
    );
  });

  test('has no secret unless asked for', async () => {
    const text = await exportHarText(example, false);
    expect(text).not.toContain('a=1; b=2');
    expect(text).toContain('[redacted]');
  });

  test('never keeps the body: only pieces of it are in the output at once', async () => {
    const body = 'data: x\n\n'.repeat(1000);
    let longest = 0;
    let taken = 0;
    const source = {
      header: example.header,
      *records(): Generator<CaptureRecord> {
        for (let n = 0; n < 100; n++) {
          taken++;
          yield chunk(n, n, body);
        }
      },
    };
    for await (const piece of exportCapture(source, 'har', { creator, withSecrets: true })) {
      longest = Math.max(longest, piece.length);
    }
    expect(longest).toBeLessThan(3 * body.length);
    expect(taken).toBe(500);
  });
});

test('times beyond every calendar, as a damaged file may have them, export too', async () => {
  const records: CaptureRecord[] = [
    { kind: 'response', at: 1, status: 200, headers: [], httpVersion: '' },
    { kind: 'response', at: 1e300, status: 200, headers: [], httpVersion: '' },
    { kind: 'response', at: -1e300, status: 200, headers: [], httpVersion: '' },
    { kind: 'end', at: 1e300, reason: 'complete' },
  ];
  const source = { header: example.header, records: () => records };
  const text = await collect(exportCapture(source, 'har', { creator, withSecrets: false }));
  const { log } = JSON.parse(Buffer.from(text).toString()) as {
    log: { entries: { startedDateTime: string }[] };
  };
  expect(log.entries.map(({ startedDateTime }) => Number.isNaN(Date.parse(startedDateTime)))).toEqual([
    false,
    false,
    false,
  ]);
});
