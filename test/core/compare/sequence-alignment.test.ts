import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alignSequences } from '../../../src/core/compare/sequence-alignment.ts';

const few = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 14 });
const many = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 40 });

function pairs(partners: Int32Array): [number, number][] {
  return [...partners.entries()].filter(([, j]) => j >= 0);
}

/** Length of the longest common subsequence, the slow and sure way. */
function longest(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (const [j, other] of b.entries())
      next.push(one === other ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    row = next;
  }
  return row[b.length]!;
}

describe('an alignment of two sequences', () => {
  test.each([
    ['of few values', few],
    ['of many values', many],
  ])('%s pairs equal entries, in order, and as many as there can be', (_name, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (a, b) => {
        const { partners, approximate } = alignSequences(a, b);
        let last = -1;
        for (const [i, j] of pairs(partners)) {
          expect(a[i]).toBe(b[j]);
          expect(j).toBeGreaterThan(last);
          last = j;
        }
        expect(pairs(partners)).toHaveLength(longest(a, b));
        expect(approximate).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('is the same the other way round', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        const back = pairs(alignSequences(b, a).partners).map(([j, i]) => [i, j]);
        expect(back).toEqual(pairs(alignSequences(a, b).partners));
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps many equal entries in order', () => {
    const { partners } = alignSequences(Array<number>(50).fill(7), Array<number>(48).fill(7));
    expect([...partners]).toEqual([...Array(48).keys(), -1, -1]);
  });
});

describe('an alignment of 100,000 entries', () => {
  const count = 100_000;
  const numbers = Array.from({ length: count }, (_, n) => n);
  const noise = (seed: number, values: number): number[] => {
    let state = seed;
    return numbers.map(() => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >>> 8) % values;
    });
  };

  test.each([
    ['all equal', numbers, numbers, count],
    ['all different', numbers, numbers.map((n) => n + count), 0],
    ['all of one value, one less', numbers.map(() => 1), numbers.slice(1).map(() => 1), count - 1],
    ['reversed', numbers, [...numbers].reverse(), 1],
    ['one missing in the middle', numbers, numbers.filter((n) => n !== count / 2), count - 1],
    [
      'a period of 7, one missing',
      numbers.map((n) => n % 7),
      numbers.filter((n) => n !== 50_003).map((n) => n % 7),
      count - 1,
    ],
    ['every third missing', numbers, numbers.filter((n) => n % 3 !== 0), 66_666],
    ['one that moved from the first to the last place', numbers, [...numbers.slice(1), 0], count - 1],
  ])('%s: finds all there is to pair, and is sure of it where it says so', (_name, a, b, expected) => {
    const { partners } = alignSequences(a, b);
    expect(pairs(partners)).toHaveLength(expected);
  });

  test('of noise keeps to its bound, and says that it is not sure', () => {
    const { partners, approximate } = alignSequences(noise(1, 10), noise(2, 10));
    expect(pairs(partners).length).toBeGreaterThan(count / 3);
    expect(approximate.length).toBeGreaterThan(0);
    for (const { a, b } of approximate) {
      expect(a[0]).toBeLessThanOrEqual(a[1]);
      expect(b[1]).toBeLessThanOrEqual(count);
    }
  });
});
