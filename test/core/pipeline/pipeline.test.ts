import { describe, expect, test } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { type Derived, derive, Pipeline } from '../../../src/core/pipeline/pipeline.ts';
import { haveRecordedStreams, recordedStreams } from '../../fixtures/recorded-streams.ts';
import { seededRandom } from '../../fixtures/seeded-random.ts';
import { bytesOf, cutAt, everyCut, rawBytes, withoutProvenance } from '../sse/body-pieces.ts';

const chunk = (bytes: Uint8Array, at = 0): CaptureRecord => ({
  kind: 'chunk',
  at,
  read: 0,
  wireBytes: bytes.length,
  bytes,
});
const response: CaptureRecord = {
  kind: 'response',
  at: 0,
  status: 200,
  headers: [],
  httpVersion: 'HTTP/1.1',
};
const reconnect: CaptureRecord = { kind: 'note', at: 0, note: 'reconnect', fields: { attempt: 1 } };
const end: CaptureRecord = { kind: 'end', at: 99, reason: 'complete' };

/** What the same bytes must give however they are cut. */
function essence({ blocks, payloads, documents }: Derived) {
  return {
    blocks: withoutProvenance(blocks),
    payloads,
    documents: documents.map(({ at: _at, ...rest }) => rest),
  };
}

const deriveBody = (pieces: readonly Uint8Array[]) =>
  derive([response, ...pieces.map((piece, i) => chunk(piece, i)), end]);

describe('the pipeline', () => {
  test('gives blocks, payloads and documents from the chunks of a capture', () => {
    const { blocks, payloads, documents } = deriveBody([
      bytesOf('data: {"a":1}\n\n: ping\n\ndata: [1,'),
      bytesOf('2]\n\n'),
    ]);
    expect(blocks.map(({ kind, chunks, at }) => [kind, chunks, at])).toEqual([
      ['event', [0, 0], 0],
      ['comment', [0, 0], 0],
      ['event', [0, 1], 1],
    ]);
    expect(payloads.map((payload) => payload?.state ?? null)).toEqual(['complete', null, 'complete']);
    expect(documents).toMatchObject([
      { index: 0, state: 'complete', events: [0, 0], blocks: [0, 0], text: '{"a":1}', at: 0 },
      { index: 1, state: 'complete', events: [1, 1], blocks: [2, 2], text: '[1,2]', at: 1 },
    ]);
  });

  test('gives the same at every cut, for events, JSON over events, and blocks without an event', () => {
    const body = rawBytes(
      '\xef\xbb\xbf: hi\r\n\r\nid: 1\r\nevent: a\r\ndata: {"t":"\xc3\xa9"}\r\n\r\ndata: {"x":\n\ndata: [1]}{}\r\rdata: \xff\n\n\n' +
        'retry: 5\n\ndata: [DONE]\n\ndata: lost',
    );
    const whole = essence(deriveBody([body]));
    expect(whole.documents.map(({ state, text }) => [state, text])).toEqual([
      ['complete', '{"t":"é"}'],
      ['complete', '{"x":[1]}'],
      ['complete', '{}'],
      ['text', '\ufffd'],
      ['sentinel', '[DONE]'],
    ]);
    for (const pieces of everyCut(body)) expect(essence(deriveBody(pieces))).toEqual(whole);
  });

  test('counts chunks without bytes', () => {
    const { blocks } = deriveBody([new Uint8Array(0), new Uint8Array(0), bytesOf('data: a\n\n')]);
    expect(blocks[0]?.chunks).toEqual([2, 2]);
  });

  test.each([
    ['a reconnection', [reconnect, response]],
    ['another response alone', [response]],
    ['the note of a reconnection alone', [reconnect]],
  ])(
    'begins a new body after %s: what was pending is discarded, and a text does not go on',
    (_name, between) => {
      const { blocks, documents } = derive([
        response,
        chunk(bytesOf('id: 7\ndata: {"a":\n\ndata: los')),
        ...between,
        chunk(rawBytes('\xef\xbb\xbfdata: 1}\n\n')),
        end,
      ]);
      expect(
        blocks.map(({ kind, range, lastEventId }) => [kind, range.start, range.end, lastEventId]),
      ).toEqual([
        ['event', 0, 19, '7'],
        ['discarded', 19, 28, '7'],
        ['event', 28, 41, '7'],
      ]);
      expect(documents.map(({ state, text }) => [state, text])).toEqual([
        ['partial', '{"a":'],
        ['text', '1}'],
      ]);
    },
  );

  test('ignores other notes', () => {
    const note: CaptureRecord = { kind: 'note', at: 0, note: 'yield', fields: {} };
    expect(
      derive([response, chunk(bytesOf('data: a')), note, chunk(bytesOf('b\n\n')), end]).blocks,
    ).toMatchObject([{ kind: 'event', data: 'ab' }]);
  });

  test('reports each event, and its document, as soon as its bytes have arrived', () => {
    const reported: string[] = [];
    const pipeline = new Pipeline({
      block: ({ kind }) => reported.push(kind),
      blockExtended: () => reported.push('extended'),
      document: ({ state }) => reported.push(state),
    });
    pipeline.push(chunk(bytesOf('data: {"a":1}\r\n\r')));
    expect(reported).toEqual(['event', 'complete']);
    pipeline.push(chunk(bytesOf('\n')));
    expect(reported).toEqual(['event', 'complete', 'extended']);
    pipeline.push(chunk(bytesOf('data: {"a":\n\n')));
    expect(reported).toEqual(['event', 'complete', 'extended', 'event']);
    pipeline.push(end);
    expect(reported).toEqual(['event', 'complete', 'extended', 'event', 'partial']);
  });

  test('gives nothing for a capture without a body', () => {
    expect(derive([response, end])).toEqual({ blocks: [], payloads: [], documents: [] });
  });
});

describe.skipIf(!haveRecordedStreams)('recorded streams', () => {
  test.each(recordedStreams().map((stream) => [stream.name, stream] as const))(
    '%s: every payload is an event, and every cut gives the same',
    (name, { body, payloads }) => {
      const whole = deriveBody([body]);
      const texts = whole.blocks.map(({ data }) => data).filter((data) => data !== '[DONE]');
      expect(texts).toEqual(payloads);
      expect(whole.documents.length).toBe(whole.blocks.length);
      const expected = essence(whole);
      for (const seed of [`${name} 1`, `${name} 2`, `${name} 3`]) {
        const random = seededRandom(seed);
        const cuts = Array.from({ length: 200 }, () => Math.floor(random() * body.length));
        expect(essence(deriveBody(cutAt(body, cuts))), `seed "${seed}"`).toEqual(expected);
      }
    },
  );

  test('are put together again when each payload is cut in two events', () => {
    for (const { name, payloads } of recordedStreams()) {
      const random = seededRandom(name);
      const json = payloads.filter(isJson);
      const events = json.flatMap((payload) => {
        const at = 1 + Math.floor(random() * (payload.length - 1));
        return [payload.slice(0, at), payload.slice(at)];
      });
      const body = bytesOf(events.map((data) => `data: ${data}\n\n`).join(''));
      const { documents } = deriveBody([body]);
      // A cut in the middle of a surrogate pair does not survive UTF-8; there the text is not the one that was cut.
      expect(documents.map(({ state }) => state)).toEqual(json.map(() => 'complete'));
      if (!body.includes(0xef)) expect(documents.map(({ text }) => text)).toEqual(json);
    }
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
