import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { detectFormat, type CaptureFileFormat } from '../../../src/core/import/file-format.ts';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { exportCapture } from '../../../src/core/export/formats.ts';
import { collect, readCaptures } from './read-captures.ts';

const encoder = new TextEncoder();

describe('the format of a file', () => {
  test.each([
    ['{"format":"ssecap","version":1}\n', 'ssecap'],
    ['{"version":1, "format" : "ssecap"}', 'ssecap'],
    ['\uFEFF{"format":"ssecap"', 'ssecap'],
    ['{"kind":"chunk","at":1,"text":""}\n', 'ssecap'],
    ['{\n  "log": {\n "version": "1.2"', 'har'],
    ['{"comment":"x","log":{"entries":[]}}', 'har'],
    ['{"error":{"message":"no such model"}}', 'json'],
    ['[1,2]', 'json'],
    ['{"a":1}\n', 'json'],
    ['{"a":1}\n{"a":2', 'ndjson'],
    ['\uFEFF\n{"a":1}\r\n\r\n[2]\r\n', 'ndjson'],
    ['{"kind":"chunk","at":1,"text":""}\n{"kind":"end"}\n', 'ssecap'],
    ['{"version":1,"format":"ssecap"}\n{"kind":"end"}\n', 'ssecap'],
    ['{\n  "a": 1\n}\n', 'json'],
    ['{"a":1}\nand words\n', 'json'],
    ['[note] a log\n[note] another\n', 'json'],
    ['data: x\n\n', 'event-stream'],
    ['\uFEFFdata: x\n\n', 'event-stream'],
    ['data\n\n', 'event-stream'],
    ['\r\n\r\n: ping\r\r', 'event-stream'],
    ['unknown\nevent: x\n', 'event-stream'],
    ['data: cut off', 'event-stream'],
    ['id: 1\rretry: 5\r', 'event-stream'],
    ['database: x\n\n', 'text'],
    [' data: x\n\n', 'text'],
    ['<!doctype html>\n<p>data: x\n', 'html'],
    ['data:\u0000\n\n', 'event-stream'],
    ['id: \u0000\ndata: x\n\n', 'event-stream'],
    [':\u0000\n\n', 'event-stream'],
    ['\u0000data: x\n\ndata: y\n\n', 'event-stream'],
    ['', 'empty'],
    [' \n\r\n', 'empty'],
    ['\u001f\u008b', 'text'],
  ])('%j is %s', (text, format) => {
    expect(detectFormat(encoder.encode(text), true)).toBe(format);
  });

  test('compressed and binary files are distinguished from text', () => {
    expect(detectFormat(new Uint8Array([0x1f, 0x8b, 8, 0]), true)).toBe('binary');
    expect(detectFormat(new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 1]), true)).toBe('binary');
    expect(detectFormat(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), true)).toBe('binary');
    expect(detectFormat(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), true)).toBe('binary');
    expect(detectFormat(encoder.encode('\u007fELF\u0000\n:\u0000\n'), true)).toBe('binary');
    expect(detectFormat(Buffer.from('data: x\n\n', 'utf16le'), true)).toBe('binary');
  });

  test('an event stream that arrives byte by byte is detected at its first line, not before', () => {
    expect(detectFormat(encoder.encode('data: x'), false)).toBeNull();
    expect(detectFormat(encoder.encode('data: x\n'), false)).toBe('event-stream');
    expect(detectFormat(encoder.encode('<html>\n'), false)).toBeNull();
    expect(detectFormat(encoder.encode('x'.repeat(20_000)), false)).toBe('text');
    expect(detectFormat(encoder.encode(`data: ${'x'.repeat(20_000)}`), false)).toBe('event-stream');
  });
});

test('a single JSON text is a file of JSON lines where its name says so', () => {
  for (const text of ['{"a":1}\n', `{"a":"${'x'.repeat(20_000)}`, '{"a":\n']) {
    const bytes = encoder.encode(text);
    expect(detectFormat(bytes, true, 'file:///a/log.JSONL')).toBe('ndjson');
    expect(detectFormat(bytes, true, 'file:///a/log.json')).toBe('json');
  }
  const capture = encoder.encode('{"format":"ssecap","version":1}\n');
  expect(detectFormat(capture, true, 'file:///a/a.ssecap.ndjson')).toBe('ssecap');
});

test('JSON lines that arrive byte by byte are detected when the second begins', () => {
  expect(detectFormat(encoder.encode('{"a":1}\n'), false)).toBeNull();
  expect(detectFormat(encoder.encode('{"a":1}\n{'), false)).toBe('ndjson');
});

/** The format cases of web-platform-tests, beside the project and not part of it. */
const casesFile = fileURLToPath(
  new URL('../../../../shared/conformance/eventsource-format.json', import.meta.url),
);
const cases = existsSync(casesFile)
  ? (JSON.parse(readFileSync(casesFile, 'utf8')) as {
      name: string;
      input_b64: string;
      events: readonly { readonly type: string; readonly data: string; readonly lastEventId: string }[];
    }[])
  : [];
if (cases.length === 0) console.log(`conformance cases are skipped: there is no ${casesFile}`);

test.skipIf(cases.length === 0)('every event stream of web-platform-tests opens, however it is cut', () => {
  for (const { name, input_b64: input, events } of cases) {
    const body = Buffer.from(input, 'base64');
    for (const size of [1, 7, 4096]) {
      const { captures, problems } = readCaptures(body, size);
      expect(problems, name).toEqual([]);
      const { blocks } = derive(captures[0]?.records ?? []);
      const dispatched = blocks.filter(({ kind }) => kind === 'event');
      expect(
        dispatched.map(({ type, data, lastEventId }) => ({ type, data, lastEventId })),
        name,
      ).toEqual(events);
    }
  }
});

describe('a file read in the format that the user names', () => {
  const eventsOf = (file: string, format: CaptureFileFormat) => {
    const { captures, problems } = readCaptures(file, 3, { format });
    expect(problems).toEqual([]);
    const [capture] = captures;
    const { blocks } = derive(capture?.records ?? []);
    return blocks.map(({ framing, data }) => `${framing} ${data}`);
  };

  test('is cut into blocks as that format says, although its content looks like another', () => {
    expect(eventsOf('{"a":1}\ndata: x\n\n', 'event-stream')).toEqual(['event-stream x']);
    expect(eventsOf('data: 1\n{"a":1}\n', 'ndjson')).toEqual(['ndjson data: 1', 'ndjson {"a":1}']);
    expect(eventsOf('PK\u0003\u0004\ndata: x\n\n', 'event-stream')).toEqual(['event-stream x']);
  });

  test('keeps that through an export and back', async () => {
    const { captures } = readCaptures('{"a":1}\ndata: x\n\n', 4096, { format: 'event-stream' });
    const [capture] = captures;
    if (capture === undefined) throw new Error('no capture');
    for (const to of ['ssecap', 'har'] as const) {
      const source = { header: capture.header, records: () => capture.records };
      const creator = { name: 'test', version: '1' };
      const file = await collect(exportCapture(source, to, { creator, withSecrets: false }));
      const back = readCaptures(file).captures[0]?.records ?? [];
      expect(derive(back).blocks.map(({ data }) => data)).toEqual(['x']);
    }
  });

  test('is refused where it is not of that format', () => {
    expect(readCaptures('data: x\n\n', 5, { format: 'har' }).problems).toMatchObject([
      { code: 'damaged-file', fatal: true },
    ]);
    expect(readCaptures('data: x\n\n', 5, { format: 'ssecap' }).problems).toMatchObject([
      { code: 'unknown-format', fatal: true },
    ]);
  });
});

describe('a file of raw bytes', () => {
  test('of JSON lines becomes a capture whose lines are events, for any cut', () => {
    const body = '{"model":"m","done":false}\n{"model":"m","done":true}';
    for (const size of [1, 3, 1000]) {
      const { captures, problems } = readCaptures(body, size);
      expect(problems).toEqual([]);
      expect(derive(captures[0]?.records ?? []).blocks).toMatchObject([
        { framing: 'ndjson', kind: 'event', data: '{"model":"m","done":false}' },
        { framing: 'ndjson', kind: 'event', data: '{"model":"m","done":true}', unfinished: false },
      ]);
    }
  });

  test('becomes a capture without times whose chunks are the bytes, for any cut', () => {
    const body = '\n\n: hello\ndata: ä\n\ndata: €\n\n';
    for (const size of [1, 3, 1000]) {
      const { captures, problems } = readCaptures(body, size);
      expect(problems).toEqual([]);
      expect(captures).toHaveLength(1);
      const records = captures[0]?.records ?? [];
      const bytes = Buffer.concat(
        records.flatMap((record) => (record.kind === 'chunk' ? [record.bytes] : [])),
      );
      expect(bytes.toString()).toBe(body);
      expect(records.every((record) => record.at === null)).toBe(true);
      expect(records.at(-1)).toEqual({ kind: 'end', at: null, reason: 'complete' });
      expect(captures[0]?.header.request.url).toBe('file:///made-up.sse');
    }
  });

  test.each([
    ['', 'empty', 'the file is empty'],
    ['{"error":1}', 'unknown-format', 'this is JSON, but not'],
    ['<html>', 'unknown-format', 'HTML'],
    ['\u0000\u0001', 'unknown-format', 'binary'],
    ['hello\nworld\n', 'unknown-format', 'without a single field'],
  ])('that is none of ours, %j, is refused in one sentence', (text, code, message) => {
    const { captures, problems } = readCaptures(text, 2);
    expect(captures).toEqual([]);
    expect(problems).toMatchObject([
      { code, fatal: true, message: expect.stringContaining(message) as string },
    ]);
  });
});
