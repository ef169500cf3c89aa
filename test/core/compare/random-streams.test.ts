import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparisonRecord, pairRecords } from '../../../src/core/compare/comparison-records.ts';
import { compared, delta, levelsOf, pairsOf, type MadeEvent } from './outlines.ts';

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
