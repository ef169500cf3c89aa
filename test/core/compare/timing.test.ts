import { describe, expect, test } from 'vitest';
import { comparisonRecord, pairRecords } from '../../../src/core/compare/comparison-records.ts';
import { compared, texts, type MadeEvent } from './outlines.ts';

describe('times', () => {
  const timed = (ats: readonly number[]): MadeEvent[] => ats.map((at, n) => ({ data: `{"n":${n}}`, at }));
  const every = (ms: number, from: number, count: number): number[] =>
    Array.from({ length: count }, (_, n) => from + n * ms);

  test('a steady offset is reported as such', () => {
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

  test('a pause is reported with the event after it', () => {
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

  test('without times there are pairs but no delays, and the summary says so', () => {
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
