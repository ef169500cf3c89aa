import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/core/json/json-value.ts';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { readCaptures, type ReadFile } from './read-captures.ts';

const request = {
  method: 'GET',
  url: 'https://h/',
  headers: [{ name: 'Accept', value: 'text/event-stream' }],
};
const response = (content: JsonValue, more: object = {}) => ({
  status: 200,
  httpVersion: 'h2',
  headers: [{ name: 'content-type', value: 'text/event-stream' }],
  content,
  ...more,
});
const timings = { blocked: 1, dns: -1, connect: -1, ssl: -1, send: 0.5, wait: 10, receive: 88.5 };
const startedDateTime = '2026-01-02T04:04:05.000+01:00';

const read = (...entries: object[]): ReadFile =>
  readCaptures(JSON.stringify({ log: { version: '1.2', entries } }), 50);

/** A message as Chrome saves it. */
const message = (time: number, eventName: string, data: string): object => ({
  time,
  eventName,
  eventId: '',
  data,
});

/** Time and text of the chunks of the first capture. */
const chunksOf = ({ captures }: ReadFile): unknown[] =>
  (captures[0]?.records ?? []).flatMap((record) =>
    record.kind === 'chunk' ? [[record.at, Buffer.from(record.bytes).toString()]] : [],
  );

describe('HAR import', () => {
  test('a body of JSON lines opens too', () => {
    const entry = {
      startedDateTime,
      request,
      response: response(
        { mimeType: 'application/x-ndjson', text: '{"a":1}\n{"b":2}\n' },
        { headers: [{ name: 'Content-Type', value: 'application/x-ndjson' }] },
      ),
    };
    const file = read(entry);
    expect(file.problems).toEqual([]);
    expect(derive(file.captures[0]?.records ?? []).blocks).toMatchObject([
      { framing: 'ndjson', data: '{"a":1}' },
      { framing: 'ndjson', data: '{"b":2}' },
    ]);
  });

  test('a saved body becomes one chunk of unknown time; response and end have the times of the archive', () => {
    const entry = {
      startedDateTime,
      time: 100,
      request,
      timings,
      response: response({ text: 'data: ä\n\n' }),
    };
    const { captures, problems } = read({ request, response: { status: 200 } }, entry);
    expect(problems).toEqual([]);
    expect(captures).toEqual([
      {
        header: {
          format: 'ssecap',
          version: 1,
          request: {
            method: 'GET',
            url: 'https://h/',
            headers: [['Accept', 'text/event-stream']],
            client: 'browser',
          },
          startedAt: '2026-01-02T03:04:05.000Z',
        },
        records: [
          {
            kind: 'response',
            at: 11.5,
            status: 200,
            httpVersion: 'h2',
            headers: [['content-type', 'text/event-stream']],
          },
          { kind: 'chunk', at: null, read: 0, wireBytes: 10, bytes: new TextEncoder().encode('data: ä\n\n') },
          { kind: 'end', at: 100, reason: 'complete' },
        ],
      },
    ]);
  });

  test('base64 content is decoded', () => {
    const text = Buffer.from('data: x\n\n').toString('base64');
    const { captures } = read({ request, response: response({ text, encoding: 'base64' }) });
    expect(derive(captures[0]?.records ?? []).blocks).toMatchObject([{ data: 'x' }]);
  });

  test("Chrome's messages without a body become a stream that dispatches them at their times, and a problem says so", () => {
    const start = Date.parse(startedDateTime) / 1000;
    const messages = [
      { time: start + 0.25, eventName: 'message', eventId: '', data: 'one' },
      { time: start + 0.5, eventName: 'tick', eventId: '5', data: ' two\nlines' },
      { time: start + 1.125, eventName: 'tick', eventId: '5', data: '' },
      { time: start + 2, eventName: 'message', eventId: '', data: '€' },
    ];
    const { captures, problems } = read({
      startedDateTime,
      request,
      response: response({ size: 0 }),
      _eventSourceMessages: messages,
    });
    expect(problems).toMatchObject([{ code: 'rebuilt-body', fatal: false }]);
    const records = captures[0]?.records ?? [];
    expect(records.some((record) => record.kind === 'note' && record.note === 'log')).toBe(true);
    const { blocks } = derive(records);
    expect(
      blocks.map(({ kind, at, type, lastEventId, data }) => ({ kind, at, type, lastEventId, data })),
    ).toEqual([
      { kind: 'event', at: 250, type: 'message', lastEventId: '', data: 'one' },
      { kind: 'event', at: 500, type: 'tick', lastEventId: '5', data: ' two\nlines' },
      { kind: 'event', at: 1125, type: 'tick', lastEventId: '5', data: '' },
      { kind: 'event', at: 2000, type: 'message', lastEventId: '', data: '€' },
    ]);
    expect(blocks.map((block) => block.chunks)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  test('a body that was saved keeps its bytes, and the times of the messages where they are of the same events', () => {
    const start = Date.parse(startedDateTime) / 1000;
    const text = ': hi\n\ndata: one\n\nevent: t\ndata: two\n\ndata: cut off';
    const messages = [message(start + 0.25, 'message', 'one'), message(start + 0.5, 't', 'two')];
    const readWith = (list: readonly object[]): ReadFile =>
      read({ startedDateTime, request, response: response({ text }), _eventSourceMessages: list });
    expect(chunksOf(readWith(messages))).toEqual([
      [250, ': hi\n\ndata: one\n\n'],
      [500, 'event: t\ndata: two\n\n'],
      [null, 'data: cut off'],
    ]);
    for (const other of [
      messages.slice(1),
      [...messages, ...messages],
      [messages[1] ?? {}, messages[0] ?? {}],
    ]) {
      expect(chunksOf(readWith(other))).toEqual([[null, text]]);
    }
  });

  test('several event streams become several captures, and one without its body is reported', () => {
    const { captures, problems } = read(
      { request, response: response({ text: 'data: 1\n\n' }) },
      { request, response: response({}) },
      {
        request,
        response: { status: 200, content: { mimeType: 'TEXT/EVENT-STREAM; charset=x', text: 'data: 2\n\n' } },
      },
    );
    expect(captures.map(({ records }) => derive(records).blocks[0]?.data)).toEqual(['1', '2']);
    expect(problems).toMatchObject([
      { code: 'no-body', fatal: false, message: expect.stringContaining('entry 2') as string },
    ]);
  });

  test("a browser's network error is how the capture ended", () => {
    const failed = read({
      request,
      response: response({ text: 'data: 1\n\n' }, { _error: 'net::ERR_CONNECTION_RESET' }),
    });
    expect(failed.captures[0]?.records.at(-1)).toMatchObject({
      reason: 'error',
      error: { code: 'net::ERR_CONNECTION_RESET' },
    });
    const aborted = read({
      request,
      response: response({ text: 'data: 1\n\n' }, { _error: 'net::ERR_ABORTED' }),
    });
    expect(aborted.captures[0]?.records.at(-1)).toMatchObject({ reason: 'aborted' });
  });

  test.each([
    ['{"log":{"entries":[', 'damaged-file', 'damaged'],
    ['{"log":{"entries":{}}}', 'damaged-file', 'no list of entries'],
    ['{"log":{"entries":[]}}', 'no-event-stream', '0 entries'],
    ['{"log":{"entries":[null,1,"x",{}]}}', 'no-event-stream', '4 entries'],
    [
      '{"log":{"entries":[{"response":{"content":{"mimeType":"text/event-stream"}}}]}}',
      'no-event-stream',
      'without their bodies',
    ],
    ['{"log":{"entries":[{"_eventSourceMessages":[7]}]}}', 'no-event-stream', 'without their bodies'],
  ])('%s is refused', (text, code, message) => {
    const { captures, problems } = readCaptures(text);
    expect(captures).toEqual([]);
    expect(problems.at(-1)).toMatchObject({
      code,
      fatal: true,
      message: expect.stringContaining(message) as string,
    });
  });

  test('members of a wrong type are read as unknown, never trusted', () => {
    const { captures } = read({
      startedDateTime: 'yesterday',
      time: 'long',
      request: { method: 5, url: {}, headers: [{ name: 1 }, null, { name: 'a' }], postData: [] },
      response: { status: '200', headers: {}, httpVersion: 2 },
      timings: [],
      _sseChunks: [{ at: 5, read: 0, base64: 'ZGF0YTogeAoK' }],
      _sseCapture: {
        client: 'x',
        part: 'y',
        wireBytes: {},
        records: [{ index: 0 }, { index: 0, record: { kind: 'end' } }],
      },
    });
    expect(captures).toEqual([
      {
        header: {
          format: 'ssecap',
          version: 1,
          request: { method: 'GET', url: '', headers: [['a', '']], client: 'raw' },
          startedAt: '1970-01-01T00:00:00.000Z',
        },
        records: [
          { kind: 'chunk', at: 5, read: 0, wireBytes: 9, bytes: new TextEncoder().encode('data: x\n\n') },
        ],
      },
    ]);
  });
});

test('a note of an archive that is nested too deep is skipped, and the rest is read', () => {
  const note = `{"kind":"note","at":1,"note":"log","deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const entry = {
    startedDateTime,
    request,
    response: response({ mimeType: 'text/event-stream' }),
    timings,
    _sseChunks: [{ at: 1, read: 0, base64: 'OgoK' }],
    _sseCapture: {
      client: 'raw',
      part: 0,
      parts: 1,
      wireBytes: [3],
      records: [{ index: 0, record: 'NOTE' }],
    },
  };
  const text = JSON.stringify({ log: { version: '1.2', entries: [entry] } }).replace('"NOTE"', note);
  const { captures } = readCaptures(text, 50);
  expect(captures[0]?.records.map(({ kind }) => kind)).toEqual(['chunk']);
});

describe('an archive that is mostly brackets', () => {
  const inEntries = (text: string): string => `{"log":{"entries":[${text}]}}`;

  test.each([
    ['nested', inEntries(`${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}`)],
    ['side by side', inEntries(`${'{},'.repeat(2_000_000)}{}`)],
    ['never closed', inEntries('['.repeat(2_000_000))],
    ['after a string with brackets and quotes', inEntries(`"\\"[[\\\\",${'[],'.repeat(1_500_000)}0`)],
  ])('is refused before anything is made of it: %s', (_how, text) => {
    expect(readCaptures(text, 1_000_000).problems).toMatchObject([
      {
        code: 'damaged-file',
        fatal: true,
        message: expect.stringContaining('too many brackets') as string,
      },
    ]);
  });

  test('is not confused with one whose strings are full of brackets', () => {
    const body = `data: ${'['.repeat(3_000_000)}\n\n`;
    const entry = {
      startedDateTime,
      time: 1,
      request,
      timings,
      response: response({ size: 1, mimeType: 'text/event-stream', text: body }),
    };
    expect(read(entry).captures).toHaveLength(1);
  });
});

test('a line of a capture that is mostly brackets is skipped', () => {
  const lines = [
    '{"format":"ssecap","version":1,"request":{"method":"GET","url":"http://h/","headers":[],"client":"raw"},"startedAt":"2026-01-02T03:04:05.678Z"}',
    `{"kind":"note","at":1,"note":"log","x":[${'[],'.repeat(1_500_000)}0]}`,
    '{"kind":"end","at":2,"reason":"complete"}',
  ];
  const { captures, problems } = readCaptures(lines.join('\n'), 1_000_000);
  expect(captures[0]?.records).toHaveLength(1);
  expect(problems).toMatchObject([{ code: 'damaged-line', line: 2 }]);
});
