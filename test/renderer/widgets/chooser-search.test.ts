import { describe, expect, it } from 'vitest';
import { search } from '../../../src/renderer/widgets/chooser-search.ts';

const items = [
  { title: 'Show the exchange', hint: 'View' },
  { title: 'Export: HAR', hint: '.har: for developer tools' },
  { title: 'Next capture', hint: 'Capture' },
  { title: 'Keyboard shortcuts', hint: 'Application' },
];
const found = (typed: string): readonly string[] => search(items, typed).map((item) => item.title);

describe('the search of a chooser', () => {
  it('lists everything in its own order before anything is typed', () => {
    expect(found('  ')).toEqual(items.map((item) => item.title));
  });

  it('ranks the beginning of the title first, then the beginning of a word, then any place', () => {
    expect(found('ex')).toEqual(['Export: HAR', 'Show the exchange', 'Next capture']);
  });

  it('matches all typed words, in any order and case', () => {
    expect(found('HAR export')).toEqual(['Export: HAR']);
    expect(found('export nothing')).toEqual([]);
  });

  it('matches the hint, and letters in order', () => {
    expect(found('developer')).toEqual(['Export: HAR']);
    expect(found('kbsc')).toEqual(['Keyboard shortcuts']);
  });

  it('returns at most the given number', () => {
    expect(search(items, '', 2)).toHaveLength(2);
  });
});
