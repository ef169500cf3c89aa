import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparisonRecord, pairRecords } from '../../../src/core/compare/comparison-records.ts';
import { compared, delta, levelsOf, outlineOf, pairsOf, type MadeEvent } from './outlines.ts';

const texts = (...data: string[]): MadeEvent[] => data.map((one) => ({ data: one }));
const counts = (a: readonly MadeEvent[], b: readonly MadeEvent[]): object => {
  const { pairs, onlyInA, onlyInB } = comparisonRecord(compared(a, b));
  return { pairs, onlyInA, onlyInB };
};

describe('events without a dialect', () => {
  test('are paired where type and data are equal', () => {
    const result = compared(
      [{ data: 'x', type: 'tick' }, { data: 'y' }],
      [
        { data: 'x', type: 'tick' },
        { data: 'y', type: 'tick' },
      ],
    );
    expect(pairsOf(result)).toEqual([[0, 0]]);
    expect(levelsOf(result)).toEqual(['exact']);
    expect([...result.onlyInA, ...result.onlyInB]).toEqual([1, 1]);
  });

  test('that are repeated are paired in order', () => {
    const result = compared(texts(...Array<string>(50).fill('x')), texts(...Array<string>(50).fill('x')));
    expect(pairsOf(result)).toEqual(Array.from({ length: 50 }, (_, n) => [n, n]));
  });

  test('are paired whatever the order of members, white space and escapes', () => {
    const result = compared(texts('{"a":1,"b":["é"]}'), texts('{ "b": ["\\u00e9"], "a": 1 }'));
    expect(levelsOf(result)).toEqual(['content']);
    expect(result.equal).toBe(true);
  });

  test('differ in the last digit of a number that JavaScript would round', () => {
    const result = compared(texts('{"n":12345678901234567890}'), texts('{"n":12345678901234567891}'));
    expect(result).toMatchObject({ equal: false, pairs: { count: 0 } });
  });

  test('tell what one was probably changed into', () => {
    const result = compared(
      texts('{"step":1,"v":"a"}', '{"step":2,"v":"b"}', '{"step":3,"v":"c"}'),
      texts('{"step":1,"v":"a"}', '{"step":2,"v":"X"}', '{"step":3,"v":"c"}'),
    );
    expect([...pairRecords(result)]).toMatchObject([
      { kind: 'pair', a: 0, b: 0 },
      { kind: 'only', in: 'a', seq: 1, changed: 1 },
      { kind: 'only', in: 'b', seq: 1, changed: 1 },
      { kind: 'pair', a: 2, b: 2 },
    ]);
  });

  test('that stand in another order are told as such', () => {
    const result = compared(texts('a', 'b', 'c', 'd'), texts('d', 'a', 'b', 'c'));
    expect(result).toMatchObject({ equal: false, reordered: 1, pairs: { count: 3 } });
  });

  test('JSON texts that another stream glues into one event, or cuts over two, are paired', () => {
    const glued = compared(texts('{"a":1}', '{"b":2}'), texts('{"a":1}{"b":2}'));
    expect(pairsOf(glued)).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(glued).toMatchObject({ equal: true, timing: { joinedEvents: 1 } });
    const cut = compared(texts('{"a":1}'), texts('{"a"', ':1}'));
    expect(pairsOf(cut)).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(cut).toMatchObject({ equal: true, timing: { splitEvents: 1 } });
  });

  test('of which a glued part is lost are paired, and the loss is told', () => {
    const result = compared(texts('{"a":1}{"b":2}'), texts('{"a":1}'));
    expect(pairsOf(result)).toEqual([[0, 0]]);
    expect(result.equal).toBe(false);
    expect([...result.partlyInA]).toEqual([0]);
  });
});

describe('what differs from request to request', () => {
  const rows = (more: (n: number) => object): MadeEvent[] =>
    Array.from({ length: 5 }, (_, n) => ({ data: JSON.stringify({ n, ...more(n) }) }));

  test('is set aside by its name and look', () => {
    const result = compared(
      rows(() => ({ request_id: '01ab23cd-0000-4000-8000-000000000000', created: 1795523712 })),
      rows((n) => ({ request_id: '99ab23cd-0000-4000-8000-000000000000', created: 1795523900 + n })),
    );
    expect(result.equal).toBe(true);
    expect(result.setAside).toMatchObject([
      { path: 'request_id', reason: 'identity' },
      { path: 'created', reason: 'identity', a: '1795523712', b: '1795523904' },
    ]);
  });

  test('an id that is content stays content', () => {
    expect(counts(texts('{"id":1}', '{"id":2}'), texts('{"id":1}', '{"id":3}'))).toEqual({
      pairs: 1,
      onlyInA: 1,
      onlyInB: 1,
    });
  });

  test('is found by being constant, and told once where it may be content', () => {
    const result = compared(
      rows(() => ({ tenant_hash: 'ab12cd34ef56ab12', model: 'small' })),
      rows(() => ({ tenant_hash: 'ff12cd34ef56ab12', model: 'large' })),
    );
    expect(result.pairs.count).toBe(5);
    expect(result.setAside).toEqual([
      { path: 'tenant_hash', reason: 'identity', a: '"ab12cd34ef56ab12"', b: '"ff12cd34ef56ab12"' },
      { path: 'model', reason: 'constant', a: '"small"', b: '"large"' },
    ]);
    expect(result.equal).toBe(false);
  });

  test('a member that one side adds to every event does not hide which events belong together', () => {
    const result = compared(
      rows(() => ({})),
      rows(() => ({ via: 'proxy' })),
    );
    expect(result).toMatchObject({ equal: false, pairs: { count: 5 } });
    expect(result.setAside).toEqual([{ path: 'via', reason: 'constant', a: null, b: '"proxy"' }]);
  });

  test('values that vary are never set aside', () => {
    expect(
      counts(
        rows((n) => ({ v: n })),
        rows((n) => ({ v: n + 100 })),
      ),
    ).toMatchObject({ pairs: 0 });
  });
});

describe('text that a model writes', () => {
  const end: MadeEvent[] = [{ data: '[DONE]' }];

  test('is paired by its characters where it is cut differently', () => {
    const result = compared(
      [delta('Hel'), delta('lo'), delta(' wor'), delta('ld'), ...end],
      [delta('Hello'), delta(' w'), delta('orld'), ...end],
    );
    expect(pairsOf(result)).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [2, 2],
      [3, 2],
      [4, 3],
    ]);
    expect(levelsOf(result)).toEqual(['text', 'text', 'text', 'text', 'text', 'exact']);
    expect(result).toMatchObject({ equal: true, timing: { joinedEvents: 2, splitEvents: 1 } });
    expect(result.texts).toEqual([{ label: 'text', lengthA: 11, lengthB: 11, difference: null }]);
  });

  test('in Anthropic’s and OpenAI’s Responses events too', () => {
    const anthropic = (text: string): MadeEvent => ({
      type: 'content_block_delta',
      data: JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    });
    const start = {
      type: 'content_block_start',
      data: '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
    };
    const result = compared([start, anthropic('Hel'), anthropic('lo')], [start, anthropic('Hello')]);
    expect(pairsOf(result)).toEqual([
      [0, 0],
      [1, 1],
      [2, 1],
    ]);
    const responses = (text: string, number: number, item: string): MadeEvent => ({
      data: JSON.stringify({
        type: 'response.output_text.delta',
        sequence_number: number,
        item_id: item,
        output_index: 0,
        content_index: 0,
        delta: text,
        obfuscation: 'x'.repeat(number),
      }),
    });
    const other = compared(
      [responses('Hel', 4, 'msg_1'), responses('lo', 5, 'msg_1')],
      [responses('Hello', 9, 'msg_2')],
    );
    expect(pairsOf(other)).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(other.equal).toBe(true);
  });

  test('with a token missing in the middle says which, and where the texts part', () => {
    const words = ['The', ' cat', ' the', ' thing', ' sat', '.'];
    const result = compared(
      words.map((word) => delta(word)),
      words.filter((word) => word !== ' the').map((word) => delta(word)),
    );
    expect([...result.onlyInA]).toEqual([2]);
    expect([...result.onlyInB]).toEqual([]);
    expect(result.pairs.count).toBe(5);
    expect(result.texts[0]?.difference).toEqual({
      at: 10,
      before: 'The cat th',
      a: 'e thing sat.',
      b: 'ing sat.',
    });
  });

  test('with a token changed says which, and into which', () => {
    const words = ['The', ' cat', ' sat', ' here', '.'];
    const result = compared(
      words.map((word) => delta(word)),
      words.map((word) => delta(word === ' sat' ? ' lay' : word)),
    );
    expect([[...result.onlyInA], [...result.onlyInB]]).toEqual([[2], [2]]);
    expect([[...result.changed.a], [...result.changed.b]]).toEqual([[2], [2]]);
    expect(result.pairs.count).toBe(4);
  });

  test('with a word changed and cut otherwise throughout is paired but for that word', () => {
    const text =
      'The stream of tokens goes on and each is a word that somebody waits for, because it was asked';
    const pieces = (whole: string, sizes: readonly number[]): MadeEvent[] => {
      const events: MadeEvent[] = [];
      for (let at = 0, n = 0; at < whole.length; n++) {
        const size = sizes[n % sizes.length] ?? 1;
        events.push(delta(whole.slice(at, at + size)));
        at += size;
      }
      return events;
    };
    const a = pieces(text, [1, 2]);
    const result = compared(a, pieces(text.replace('somebody', 'anyone'), [2, 1, 3]));
    const changed = text.indexOf('somebody');
    let at = 0;
    const missing = a.flatMap((_, n) => {
      const from = at;
      at += n % 2 === 0 ? 1 : 2;
      return at > changed - 1 && from < changed + 'somebody'.length ? [n] : [];
    });
    expect(missing).toEqual(expect.arrayContaining([...result.onlyInA]));
    expect(result.equal).toBe(false);
  });

  test('of which an event brings only a part is paired, and the rest counts as missing', () => {
    const result = compared([delta('Hello brave world')], [delta('Hello')]);
    expect(pairsOf(result)).toEqual([[0, 0]]);
    expect([[...result.partlyInA], [...result.partlyInB]]).toEqual([[0], []]);
    expect(result.equal).toBe(false);
  });

  test('that was cut off is paired as far as it goes', () => {
    const result = compared(
      [delta('One'), delta(' two'), delta(' three'), ...end],
      [delta('One'), delta(' two')],
    );
    expect(pairsOf(result)).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect([...result.onlyInA]).toEqual([2, 3]);
  });

  test('that differs altogether is not paired by chance', () => {
    const words = (text: string): MadeEvent[] => (text.match(/\s?\S+/g) ?? []).map((word) => delta(word));
    const result = compared(
      words('My first answer begins here with the cat and a dog of no use'),
      words('Quite another one told me of the sea and a ship that sank'),
    );
    expect(result.pairs.count).toBe(0);
    expect(result.onlyInA.length).toBe(14);
  });

  test('of equal text but another finish reason is no pair', () => {
    const last = (reason: string): MadeEvent => ({
      data: JSON.stringify({
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { content: '!' }, finish_reason: reason }],
      }),
    });
    const result = compared([delta('Hi'), last('stop')], [delta('Hi'), last('length')]);
    expect(pairsOf(result)).toEqual([[0, 0]]);
    expect([...result.onlyInA]).toEqual([1]);
    expect([[...result.changed.a], [...result.changed.b]]).toEqual([[1], [1]]);
    expect(result.messages).toEqual([{ message: 0, what: 'finish reason', a: 'stop', b: 'length' }]);
  });
});

describe('times', () => {
  const timed = (ats: readonly number[]): MadeEvent[] => ats.map((at, n) => ({ data: `{"n":${n}}`, at }));
  const every = (ms: number, from: number, count: number): number[] =>
    Array.from({ length: count }, (_, n) => from + n * ms);

  test('a steady offset is told as such', () => {
    const { timing } = compared(timed(every(20, 10, 30)), timed(every(20, 510, 30)));
    expect(timing).toMatchObject({
      delay: { min: 500, p50: 500, p95: 500, max: 500, first: 500, last: 500 },
      firstByte: 500,
      heldCount: 0,
      addedCount: 0,
      mergedArrivals: 0,
    });
  });

  test('events that came one by one and are let go together are a held run', () => {
    const result = compared(timed(every(20, 20, 150)), timed(Array<number>(150).fill(3010)));
    expect(result.equal).toBe(true);
    expect(result.timing).toMatchObject({
      held: [{ a: [0, 149], b: [0, 149], pairs: 150, spanA: 2980, spanB: 0 }],
      mergedArrivals: 1,
      mergedPairs: 150,
    });
    const summary = comparisonRecord(result).summary.join(' ');
    expect(summary).toContain('Events 0 to 149 of A came one by one over 2.98 s; in B all at one moment.');
  });

  test('a pause is told with the event after it', () => {
    const late = every(20, 20, 20).map((at, n) => (n < 8 ? at : at + 1200));
    const { timing } = compared(timed(every(20, 20, 20)), timed(late));
    expect(timing).toMatchObject({ added: [{ a: 8, b: 8, ms: 1200 }], addedCount: 1, heldCount: 0 });
  });

  test.each([
    ['one', [25]],
    ['two far apart', [10, 30]],
    ['two in a row', [17, 18]],
    ['the first and the last', [0, 49]],
  ])('say which of fifty equal events are missing: %s', (_name, missing) => {
    const ticks = every(1000, 20, 50).map((at): MadeEvent => ({ data: 'tick', at: at + (at % 7) }));
    const rest = ticks
      .filter((_, n) => !missing.includes(n))
      .map((event) => ({ ...event, at: (event.at ?? 0) + 40 }));
    const [less, more] = [compared(ticks, rest), compared(rest, ticks)];
    expect([...less.onlyInA]).toEqual(missing);
    expect([...more.onlyInB]).toEqual(missing);
    expect(less.timing.delay).toMatchObject({ min: 40, max: 40 });
  });

  test('without times there are pairs and no delays, and that is said', () => {
    const result = compared(timed(every(20, 20, 3)), texts('{"n":0}', '{"n":1}', '{"n":2}'));
    expect([...pairRecords(result)]).toEqual([
      { kind: 'pair', a: 0, b: 0, delay: null, added: null, level: 'exact' },
      { kind: 'pair', a: 1, b: 1, delay: null, added: null, level: 'exact' },
      { kind: 'pair', a: 2, b: 2, delay: null, added: null, level: 'exact' },
    ]);
    expect(result.timing.delay).toBeNull();
    expect(comparisonRecord(result).summary.join(' ')).toContain('has no times');
  });
});

describe('random streams', () => {
  const gap = fc.integer({ min: 0, max: 200 });
  const stream = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 5 }), gap, fc.boolean()), { minLength: 1, maxLength: 40 })
    .map((made) => {
      let at = 0;
      return made.map(([n, ms, isDelta]): MadeEvent & { at: number } => {
        at += ms;
        return { ...(isDelta ? delta(` word${n}`) : { data: `{"n":${n}}` }), at };
      });
    });
  /** Events that occur once, so that it is certain which of them was dropped. */
  const distinct = stream.map((events) =>
    events.map((event, n) => ({ ...event, data: n % 2 === 0 ? `{"only":${n}}` : delta(` ${n}.`).data })),
  );
  const choice = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });

  test('compared with themselves pair everything, with delay 0', () => {
    fc.assert(
      fc.property(stream, (events) => {
        const result = compared(events, events);
        expect(pairsOf(result)).toEqual(events.map((_, n) => [n, n]));
        expect([...result.pairs.delay]).toEqual(events.map(() => 0));
        expect(new Set(levelsOf(result))).toEqual(new Set(['exact']));
        expect(result.equal).toBe(true);
      }),
    );
  });

  test('shifted in time have that delay everywhere', () => {
    fc.assert(
      fc.property(stream, gap, (events, ms) => {
        const result = compared(
          events,
          events.map((event) => ({ ...event, at: event.at + ms })),
        );
        expect(new Set(result.pairs.delay)).toEqual(new Set([ms]));
      }),
    );
  });

  test('with events dropped lack exactly those', () => {
    fc.assert(
      fc.property(distinct, choice, (events, drop) => {
        const result = compared(
          events,
          events.filter((_, n) => drop[n] === false),
        );
        const dropped = events.flatMap((_, n) => (drop[n] === true ? [n] : []));
        expect([...result.onlyInA]).toEqual(dropped);
        expect([...result.onlyInB]).toEqual([]);
        expect(result.pairs.count).toBe(events.length - dropped.length);
        expect(result.equal).toBe(dropped.length === 0);
      }),
      { numRuns: 300 },
    );
  });

  test('with events inserted have exactly those more', () => {
    fc.assert(
      fc.property(distinct, choice, (events, insert) => {
        const longer = events.flatMap((event, n) =>
          insert[n] === true ? [{ data: `inserted ${n}`, at: event.at }, event] : [event],
        );
        const result = compared(events, longer);
        expect([...result.onlyInA]).toEqual([]);
        expect([...result.onlyInB].map((b) => longer[b]?.data)).toEqual(
          longer.flatMap(({ data }) => (data.startsWith('inserted') ? [data] : [])),
        );
      }),
    );
  });

  test('whose text is cut in other places are equal, and every event has its partner', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 });
    const cut = (text: string, sizes: readonly number[]): MadeEvent[] => {
      const events: MadeEvent[] = [];
      for (let at = 0, n = 0; at < text.length; n++) {
        const size = sizes[n % sizes.length] ?? 1;
        events.push(delta(text.slice(at, at + size)));
        at += size;
      }
      return events;
    };
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }),
        cuts,
        cuts,
        (text, one, other) => {
          const [a, b] = [cut(text, one), cut(text, other)];
          const result = compared(a, b);
          expect(result.equal).toBe(true);
          expect(new Set(result.pairs.a).size).toBe(a.length);
          expect(new Set(result.pairs.b).size).toBe(b.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('give the same counts the other way round', () => {
    fc.assert(
      fc.property(stream, stream, (a, b) => {
        const there = comparisonRecord(compared(a, b));
        const back = comparisonRecord(compared(b, a));
        expect([back.pairs, back.onlyInA, back.onlyInB]).toEqual([there.pairs, there.onlyInB, there.onlyInA]);
        expect([back.equal, back.reordered, back.levels]).toEqual([
          there.equal,
          there.reordered,
          there.levels,
        ]);
        expect(there.levels.exact + there.levels.content + there.levels.text).toBe(there.pairs);
      }),
      { numRuns: 500 },
    );
  });

  test('tell of every event, as a pair or alone', () => {
    fc.assert(
      fc.property(stream, stream, (a, b) => {
        const told = [...pairRecords(compared(a, b))];
        const seen = (side: 'a' | 'b'): number[] => [
          ...new Set(
            told.flatMap((one) => (one.kind === 'pair' ? [one[side]] : one.in === side ? [one.seq] : [])),
          ),
        ];
        expect(seen('a').sort((x, y) => x - y)).toEqual(a.map((_, n) => n));
        expect(seen('b').sort((x, y) => x - y)).toEqual(b.map((_, n) => n));
      }),
    );
  });
});

test('hostile payloads are compared like any other', () => {
  const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`k${n}`, n])));
  const odd = ['{"__proto__":{"a":1}}', '{"":{"":1}}', '{"a.b":1,"a":{"b":1}}', '', '\u0000', deep, wide];
  const result = compared(texts(...odd), texts(...odd));
  expect(result.equal).toBe(true);
  expect(levelsOf(result)).toEqual(odd.map(() => 'exact'));
  expect(outlineOf(texts('{"a.b":1}')).documents.low[0]).not.toBe(
    outlineOf(texts('{"a":{"b":1}}')).documents.low[0],
  );
});
