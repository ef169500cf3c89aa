import { describe, expect, test } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { framingOfContent, framingOfType, mostBlank } from '../../../src/core/pipeline/framing.ts';
import { type Derived, derive, Pipeline } from '../../../src/core/pipeline/pipeline.ts';
import { bytesOf, cutAt, everyCut, rawBytes, withoutProvenance } from '../sse/body-pieces.ts';

const chunk = (bytes: Uint8Array | string, at = 0): CaptureRecord => {
  const body = typeof bytes === 'string' ? bytesOf(bytes) : bytes;
  return { kind: 'chunk', at, read: 0, wireBytes: body.length, bytes: body };
};
const response = (contentType: string | null): CaptureRecord => ({
  kind: 'response',
  at: 0,
  status: 200,
  headers: contentType === null ? [] : [['Content-Type', contentType]],
  httpVersion: 'HTTP/1.1',
});
const end: CaptureRecord = { kind: 'end', at: 99, reason: 'complete' };

const framingsOf = ({ blocks }: Derived) => blocks.map(({ framing, data }) => [framing, data]);
const deriveBody = (type: string | null, pieces: readonly Uint8Array[]) =>
  derive([response(type), ...pieces.map((piece, i) => chunk(piece, i)), end]);

describe('the framing of a content type', () => {
  test.each([
    ['application/x-ndjson', 'ndjson'],
    ['Application/NDJSON; charset=utf-8', 'ndjson'],
    ['application/jsonl', 'ndjson'],
    ['application/x-jsonlines', 'ndjson'],
    ['text/event-stream', 'event-stream'],
    ['application/json', 'event-stream'],
    ['application/json-seq', 'event-stream'],
    ['text/html', 'event-stream'],
    ['text/plain; charset=utf-8', null],
    ['application/octet-stream', null],
    ['', null],
  ])('%j is %s', (type, framing) => {
    expect(framingOfType(type)).toBe(framing);
  });
});

describe('the framing of a content', () => {
  test.each([
    ['{"a":1}\n', 'ndjson'],
    ['{}', 'ndjson'],
    ['\ufeff\r\n \t{ "a":1}', 'ndjson'],
    ['[1,2]\n', 'ndjson'],
    ['["a"]\n', 'ndjson'],
    ['[warning] low disk\n', 'event-stream'],
    ['{name} joined\n', 'event-stream'],
    ['data: {"a":1}\n\n', 'event-stream'],
    [': hi\n\n', 'event-stream'],
    ['<html>', 'event-stream'],
    ['{ ', null],
    ['\n\n ', null],
    ['', null],
  ])('%j is %s', (text, framing) => {
    expect(framingOfContent(bytesOf(text))).toBe(framing);
  });

  test('is decided at its first bytes: every longer beginning says the same', () => {
    for (const text of [
      '\ufeff\n\r\n  { "a":1}\n',
      '\n: hi\n{"a":1}\n',
      '\r[ 1]\n',
      ' '.repeat(mostBlank) + '{"a":1}',
    ]) {
      const body = bytesOf(text);
      const whole = framingOfContent(body);
      expect(whole).not.toBeNull();
      for (let length = 0; length < body.length; length++) {
        expect([null, whole]).toContain(framingOfContent(body.subarray(0, length)));
      }
    }
    expect(framingOfContent(rawBytes('\xef\xbb'))).toBeNull();
    expect(framingOfContent(rawBytes('\xef\xbb{"a":1}'))).toBe('event-stream');
    expect(framingOfContent(new Uint8Array(mostBlank).fill(0x20))).toBe('event-stream');
  });
});

describe('the pipeline', () => {
  const lines = '\n{"a":1}\r\n\r\n{"t":"é"}\n{"x":\n1}\n{"last":true}';

  test.each(['application/x-ndjson', 'application/jsonl', 'text/plain', null])(
    'reads lines of %s, the same at every cut',
    (type) => {
      const body = rawBytes(
        `${bytesOf(lines).reduce((text, byte) => text + String.fromCharCode(byte), '')}\n\xff\n`,
      );
      const whole = deriveBody(type, [body]);
      expect(whole.documents.map(({ state, text, events }) => [state, text, events])).toEqual([
        ['complete', '{"a":1}', [0, 0]],
        ['complete', '{"t":"é"}', [1, 1]],
        ['complete', '{"x":1}', [2, 3]],
        ['complete', '{"last":true}', [4, 4]],
        ['text', '\ufffd', [5, 5]],
      ]);
      for (const pieces of everyCut(body)) {
        const cut = deriveBody(type, pieces);
        expect(withoutProvenance(cut.blocks)).toEqual(withoutProvenance(whole.blocks));
        expect(cut.payloads).toEqual(whole.payloads);
        expect(cut.documents.map(({ at: _at, ...rest }) => rest)).toEqual(
          whole.documents.map(({ at: _at, ...rest }) => rest),
        );
      }
    },
  );

  test('reads raw bytes by how they begin, an event stream the same whether its type is known or not', () => {
    expect(framingsOf(derive([chunk('{"a":1}\n'), end]))).toEqual([['ndjson', '{"a":1}']]);
    const stream = rawBytes('\xef\xbb\xbf\r\n\r\n\n: hi\r\n\r\ndata: a\r\r\n');
    for (const pieces of everyCut(stream)) {
      const known = deriveBody('text/event-stream', pieces);
      expect(deriveBody('text/plain', pieces)).toEqual(known);
      expect(derive([...pieces.map((piece, i) => chunk(piece, i)), end])).toEqual(known);
    }
  });

  test('follows a content type that names a framing, for any bytes', () => {
    expect(framingsOf(deriveBody('text/event-stream', [bytesOf('{"a":1}\n\n')]))).toEqual([
      ['event-stream', ''],
    ]);
    expect(framingsOf(deriveBody('application/x-ndjson', [bytesOf('data: a\n\n')]))).toEqual([
      ['ndjson', 'data: a'],
      ['ndjson', ''],
    ]);
  });

  test('continues offsets, numbers and the last event ID from one framing to the other', () => {
    const reconnect: CaptureRecord = { kind: 'note', at: 0, note: 'reconnect', fields: { reason: 'error' } };
    const { blocks, documents } = derive([
      response('text/event-stream'),
      chunk('id: 7\ndata: {"a":\n\n'),
      reconnect,
      response('application/x-ndjson'),
      chunk('{"b":1}\n\n1'),
      reconnect,
      response('text/event-stream'),
      chunk('data: a\r\n\r'),
      chunk('\ndata: b\n\n'),
      end,
    ]);
    expect(
      blocks.map(({ framing, index, kind, seq, range, lastEventId, unfinished, chunks }) => [
        framing,
        index,
        kind,
        seq,
        range.start,
        range.end,
        lastEventId,
        unfinished,
        chunks,
      ]),
    ).toEqual([
      ['event-stream', 0, 'event', 0, 0, 19, '7', false, [0, 0]],
      ['ndjson', 1, 'event', 1, 19, 27, '7', false, [1, 1]],
      ['ndjson', 2, 'blank', null, 27, 28, '7', false, [1, 1]],
      ['ndjson', 3, 'event', 2, 28, 29, '7', true, [1, 1]],
      ['event-stream', 4, 'event', 3, 29, 40, '7', false, [2, 3]],
      ['event-stream', 5, 'event', 4, 40, 49, '7', false, [3, 3]],
    ]);
    expect(documents.map(({ state, text }) => [state, text])).toEqual([
      ['partial', '{"a":'],
      ['complete', '{"b":1}'],
      ['complete', '1'],
      ['text', 'a'],
      ['text', 'b'],
    ]);
  });

  test('flags the last line of a body that was cut off', () => {
    const unfinished = (reason: 'complete' | 'aborted' | 'premature-close') =>
      derive([chunk('{"a":1}\n{"b"'), { kind: 'end', at: 1, reason }]).blocks.map(
        (block) => block.unfinished,
      );
    expect(unfinished('complete')).toEqual([false, false]);
    expect(unfinished('aborted')).toEqual([false, true]);
    expect(unfinished('premature-close')).toEqual([false, true]);
  });

  test('says which framing it reads as soon as type or bytes tell', () => {
    const pipeline = new Pipeline({ block: () => {}, blockExtended: () => {}, document: () => {} });
    expect(pipeline.framing).toBeNull();
    pipeline.push(response('application/jsonl'));
    expect(pipeline.framing).toBe('ndjson');
    pipeline.push(response(null));
    expect(pipeline.framing).toBeNull();
    for (const piece of cutAt(bytesOf('\n {'), [1, 2])) pipeline.push(chunk(piece));
    expect(pipeline.framing).toBeNull();
    pipeline.push(chunk('"'));
    expect(pipeline.framing).toBe('ndjson');
    pipeline.push(end);
    expect(pipeline.framing).toBe('ndjson');
  });
});
