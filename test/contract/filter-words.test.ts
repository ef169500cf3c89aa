import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundQuantities, filterWords, isInside, type Bound } from '../../src/contract/filter-words.ts';

function wordsOf(written: string): { readonly text: string; readonly bounds: readonly Bound[] } {
  const words = filterWords(written);
  if (words.kind === 'invalid') throw new Error(words.reason);
  return { text: words.text, bounds: words.bounds };
}
const boundOf = (written: string): Bound | undefined => wordsOf(written).bounds[0];
function reasonOf(written: string): string {
  const words = filterWords(written);
  return words.kind === 'invalid' ? words.reason : '';
}

describe('a word of a filter', () => {
  it.each([
    ['gap>500ms', { of: 'gap', is: '>', value: 500 }],
    ['gap<2s', { of: 'gap', is: '<', value: 2000 }],
    ['gap>=1.5min', { of: 'gap', is: '>=', value: 90_000 }],
    ['GAP <= .5S', { of: 'gap', is: '<=', value: 500 }],
    ['size>4k', { of: 'size', is: '>', value: 4000 }],
    ['size>4KiB', { of: 'size', is: '>', value: 4096 }],
    ['size<1MB', { of: 'size', is: '<', value: 1_000_000 }],
    ['at>1.5s', { of: 'at', is: '>', value: 1500 }],
  ] as const)('%s is a bound', (written, bound) => {
    expect(wordsOf(written)).toEqual({ text: '', bounds: [bound] });
  });

  it('without a unit counts as its column of the table does: ms, bytes, and seconds for times', () => {
    expect(boundOf('gap>500')?.value).toBe(500);
    expect(boundOf('size>500')?.value).toBe(500);
    expect(boundOf('at>2')?.value).toBe(2000);
  });

  it('stands before, between and after text', () => {
    const { text, bounds } = wordsOf('gap>1s two words size<9 at>0 ');
    expect(text).toBe('two words');
    expect(bounds.map(({ of }) => of)).toEqual(['gap', 'size', 'at']);
  });

  it.each(['', ' a ', 'a  b', 'gap', 'gaps>5', '"gap>5"', 'x>5', '<b>9</b>', 'gap[>]500ms', 'size=20'])(
    'leaves %j as it is',
    (written) => {
      expect(wordsOf(written)).toEqual({ text: written, bounds: [] });
    },
  );

  it.each([
    ['gap>', /“gap>” has no amount yet\. Write gap>500ms/],
    ['gap>500xs', /“xs” is not a unit of gap: ms, s or min/],
    ['size>4s', /“s” is not a unit of size: .*KiB/],
    ['at>1,5s', /“1,5s” is not an amount\. Write at>1\.5s/],
    ['gap>-1', /“-1” is not an amount/],
    ['gap=500ms', /“gap=500ms” has no comparison/],
    ['gpa>500ms', /“gpa” is not known: rows are filtered by gap, size and at.*gpa\[>\]500ms/],
    ['data gap>1s gap>', /has no amount yet/],
  ])('that is mistyped says what is wrong: %s', (written, reason) => {
    expect(reasonOf(written)).toMatch(reason);
  });

  it('never loses text, whatever stands beside it', () => {
    const text = fc.array(fc.constantFrom('data', '"n":1', 'é', '(', '😀'), { minLength: 1 });
    const made = fc.record({
      of: fc.constantFrom(...boundQuantities),
      is: fc.constantFrom<Bound['is']>('>', '>=', '<', '<='),
      value: fc.nat(100_000),
    });
    fc.assert(
      fc.property(text, fc.array(made, { minLength: 1, maxLength: 3 }), text, (before, bounds, after) => {
        const words = bounds.map(({ of, is, value }) => `${of}${is}${value}${of === 'size' ? 'b' : 'ms'}`);
        expect(wordsOf([...before, ...words, ...after].join(' ')).bounds).toEqual(bounds);
        expect(wordsOf([...before, ...words, ...after].join(' ')).text.split(/\s+/)).toEqual([
          ...before,
          ...after,
        ]);
      }),
    );
  });
});

it('tells what is inside a bound, and the value itself where the comparison includes it', () => {
  const inside = (is: Bound['is']) => [1, 2, 3].filter((n) => isInside({ of: 'gap', is, value: 2 }, n));
  expect([inside('>'), inside('>='), inside('<'), inside('<=')]).toEqual([[3], [2, 3], [1], [1, 2]]);
});
