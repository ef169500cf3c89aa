import { describe, expect, it } from 'vitest';
import { search } from '../../../src/renderer/widgets/chooser-search.ts';

const items = [
  { title: 'Show the exchange', hint: 'View' },
  { title: 'Export: HAR', hint: '.har: for developer tools' },
  { title: 'Next capture', hint: 'Capture' },
  { title: 'Keyboard shortcuts', hint: 'Application' },
];
const found = (typed: string): readonly string[] => search(items, typed).map((item) => item.title);

describe('what a chooser finds', () => {
  it('is everything, in its own order, before anything is typed', () => {
    expect(found('  ')).toEqual(items.map((item) => item.title));
  });

  it('begins with titles that begin with what was typed, then words, then any place', () => {
    expect(found('ex')).toEqual(['Export: HAR', 'Show the exchange', 'Next capture']);
  });

  it('has every word that was typed, in any order and case', () => {
    expect(found('HAR export')).toEqual(['Export: HAR']);
    expect(found('export nothing')).toEqual([]);
  });

  it('is found by its hint, and by letters in order', () => {
    expect(found('developer')).toEqual(['Export: HAR']);
    expect(found('kbsc')).toEqual(['Keyboard shortcuts']);
  });

  it('is no more than asked for', () => {
    expect(search(items, '', 2)).toHaveLength(2);
  });
});
