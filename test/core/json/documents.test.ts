import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Documents, type DocumentLimits, type JsonDocument } from '../../../src/core/json/documents.ts';
import { payloadOf } from '../../../src/core/json/payload.ts';

/** The documents of events with these data; event n is block 2n and arrives at n × 10 ms. */
function documentsOf(datas: readonly string[], limits?: DocumentLimits): JsonDocument[] {
  const found: JsonDocument[] = [];
  const documents = new Documents((document) => found.push(document), limits);
  datas.forEach((data, seq) =>
    documents.push({ seq, block: seq * 2, data, payload: payloadOf(data), at: seq * 10 }),
  );
  documents.end();
  return found;
}

const brief = (documents: readonly JsonDocument[]) =>
  documents.map(({ state, events, text }) => [state, events[0], events[1], text]);

/** Cuts a text at the given places, taken modulo its length. */
function cut(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set([0, ...cuts.map((place) => place % (text.length + 1)), text.length])].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((place, i) => text.slice(places[i], place));
}

describe('documents', () => {
  test('are the payloads themselves if each has one text', () => {
    expect(brief(documentsOf(['{"a":1}', 'hello', '', '[DONE]', '12', '{]']))).toEqual([
      ['complete', 0, 0, '{"a":1}'],
      ['text', 1, 1, 'hello'],
      ['empty', 2, 2, ''],
      ['sentinel', 3, 3, '[DONE]'],
      ['complete', 4, 4, '12'],
      ['malformed', 5, 5, '{]'],
    ]);
  });

  test('are assembled from a text that is cut at any point', () => {
    const text = '{"step": 1, "text": "a\\u00e9\\"}{", "list": [1.5e3, {"x": null}, []], "ok": true}';
    for (let at = 1; at < text.length; at++) {
      const [document, ...others] = documentsOf([
        '{"before":0}',
        text.slice(0, at),
        text.slice(at),
        '{}',
      ]).slice(1);
      expect(document).toMatchObject({
        index: 1,
        state: 'complete',
        problem: null,
        events: [1, 2],
        blocks: [2, 4],
      });
      expect(document).toMatchObject({ text, from: 0, to: text.length - at, at: 20 });
      expect(brief(others)).toEqual([['complete', 3, 3, '{}']]);
    }
  });

  test('are assembled from a text that is cut at every point, with empty events between', () => {
    const text = '{"step":[1,"two",false]}';
    expect(brief(documentsOf([...text]))).toEqual([['complete', 0, text.length - 1, text]]);
    expect(brief(documentsOf([...text].flatMap((one) => [one, ''])))).toEqual([
      ['complete', 0, text.length * 2 - 2, text],
      ['empty', text.length * 2 - 1, text.length * 2 - 1, ''],
    ]);
  });

  test('are divided if one event has several, with any white space between', () => {
    expect(documentsOf(['{"a":1} [2]\n{}'])).toMatchObject([
      { index: 0, state: 'complete', text: '{"a":1}', from: 0, to: 7 },
      { index: 1, state: 'complete', text: '[2]', from: 8, to: 11 },
      { index: 2, state: 'complete', text: '{}', from: 12, to: 14 },
    ]);
  });

  test('equal what was sent for random texts, concatenated and cut anywhere', () => {
    const texts = fc.array(
      fc
        .oneof(fc.array(fc.jsonValue(), { minLength: 1 }), fc.dictionary(fc.string(), fc.jsonValue()))
        .map((value) => JSON.stringify(value)),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 8 }), (sent, cuts) => {
        const events = cut(sent.join(''), cuts);
        const found = documentsOf(events);
        expect(found.map(({ state }) => state)).toEqual(sent.map(() => 'complete'));
        expect(found.map(({ text }) => text)).toEqual(sent);
        for (const document of found) expect(textAt(events, document)).toBe(document.text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a text that will not be completed', () => {
  test('is given up when an event does not continue it, and that event begins anew', () => {
    expect(brief(documentsOf(['{"a":1,', '{"b":', '2}', '{"d":3}']))).toEqual([
      ['partial', 0, 0, '{"a":1,'],
      ['complete', 1, 2, '{"b":2}'],
      ['complete', 3, 3, '{"d":3}'],
    ]);
  });

  test('gives its events back with their own states', () => {
    expect(brief(documentsOf(['{"text":"half', ' of it', '', '{"type":"next"}', '[DONE]']))).toEqual([
      ['partial', 0, 0, '{"text":"half'],
      ['text', 1, 1, ' of it'],
      ['empty', 2, 2, ''],
      ['complete', 3, 3, '{"type":"next"}'],
      ['sentinel', 4, 4, '[DONE]'],
    ]);
  });

  test('says where it ended, also where it is the rest of an event', () => {
    expect(documentsOf(['{"a":1}{"b":', 'x'])).toMatchObject([
      { state: 'complete', text: '{"a":1}', from: 0, to: 7 },
      { state: 'partial', text: '{"b":', from: 7, to: 12, problem: { at: 5, message: 'expected a value' } },
      { state: 'text', text: 'x' },
    ]);
  });

  test('is given up at the end of the stream', () => {
    expect(brief(documentsOf(['[1,', '2,']))).toEqual([
      ['partial', 0, 0, '[1,'],
      ['text', 1, 1, '2,'],
    ]);
  });

  test('is given up when it has too many events or too many characters', () => {
    const many = documentsOf(['[', ...Array<string>(10).fill('1,')], { length: 1000, events: 5 });
    expect(many).toHaveLength(11);
    expect(many.map(({ state }) => state)).toEqual(['partial', ...Array<string>(10).fill('text')]);
    const long = documentsOf(['["', 'x'.repeat(20), 'y"]', '{}'], { length: 10, events: 100 });
    expect(long.map(({ state }) => state)).toEqual(['partial', 'text', 'text', 'complete']);
    expect(
      documentsOf([`["${'x'.repeat(20)}`, '"]'], { length: 10, events: 100 }).map(({ state }) => state),
    ).toEqual(['partial', 'text']);
  });

  test('that more follows than JSON is one malformed payload, and not a document and a rest', () => {
    expect(brief(documentsOf(['{"a":1} and more']))).toEqual([['malformed', 0, 0, '{"a":1} and more']]);
    expect(brief(documentsOf(['{"a":', '1} and more']))).toEqual([
      ['partial', 0, 0, '{"a":'],
      ['text', 1, 1, '1} and more'],
    ]);
  });
});

test('every event is in exactly the documents with its characters, for any events', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '1',
    '"a":',
    '{"a":',
    'x',
    ' ',
    '',
    '[DONE]',
    '{}',
  );
  const datas = fc.array(
    fc.array(piece, { maxLength: 4 }).map((parts) => parts.join('')),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(datas, (events) => {
      const found = documentsOf(events, { length: 30, events: 4 });
      expect(found.map(({ index }) => index)).toEqual(found.map((_, i) => i));
      let next = { event: 0, at: 0 };
      for (const document of found) {
        expect(textAt(events, document)).toBe(document.text);
        expect(payloadOf(document.text).state).toBe(document.state);
        // Between two documents there is nothing but white space.
        const between = textBetween(events, next, { event: document.events[0], at: document.from });
        expect(between.trim()).toBe('');
        next = { event: document.events[1], at: document.to };
      }
      expect(textBetween(events, next, { event: events.length, at: 0 }).trim()).toBe('');
    }),
    { numRuns: 3000 },
  );
});

interface Place {
  readonly event: number;
  readonly at: number;
}

function textAt(events: readonly string[], { events: [first, last], from, to }: JsonDocument): string {
  return textBetween(events, { event: first, at: from }, { event: last, at: to });
}

function textBetween(events: readonly string[], from: Place, to: Place): string {
  let text = '';
  for (let event = from.event; event <= Math.min(to.event, events.length - 1); event++) {
    const start = event === from.event ? from.at : 0;
    const end = event === to.event ? to.at : undefined;
    text += (events[event] ?? '').slice(start, end);
  }
  return text;
}
