import { describe, expect, test } from 'vitest';
import { comparisonRecord, pairRecords } from '../../../src/core/compare/comparison-records.ts';
import { compared, levelsOf, outlineOf, pairsOf, texts, type MadeEvent } from './outlines.ts';

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

  test('are paired in any order of members, with any white space and escapes', () => {
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

  test('in another order are reported as such', () => {
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

  test('of which a concatenated part is lost are paired, and the loss is reported', () => {
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

  test('is found as constant, and reported once if it may be content', () => {
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

  test('a member that one side adds to every event does not hide the pairs', () => {
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
