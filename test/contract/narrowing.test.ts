import { expect, it } from 'vitest';
import { narrowing } from '../../src/contract/narrowing.ts';

it('takes an empty text and empty lists for no filter', () => {
  expect(narrowing({}, 'blocks')).toBeNull();
  expect(narrowing({ text: '', pattern: true, types: [], kinds: [], states: [] }, 'blocks')).toBeNull();
});

it('keeps a text next to empty lists', () => {
  const filter = { text: 'x', types: [], kinds: [], states: [] };
  expect(narrowing(filter, 'blocks')).toEqual({ text: 'x', pattern: false, caseSensitive: false });
});

it('removes what does not apply to a lane', () => {
  const filter = { types: ['ping'], kinds: ['comment' as const], states: ['text' as const] };
  expect(narrowing(filter, 'blocks')).toEqual(filter);
  expect(narrowing(filter, 'documents')).toEqual({ types: ['ping'], states: ['text'] });
  expect(narrowing(filter, 'chunks')).toBeNull();
});

it('keeps bounds in each lane', () => {
  const bounds = [{ of: 'gap' as const, is: '>' as const, value: 500 }];
  for (const lane of ['chunks', 'blocks', 'documents'] as const)
    expect(narrowing({ bounds }, lane)).toEqual({ bounds });
  expect(narrowing({ bounds: [] }, 'blocks')).toBeNull();
});
