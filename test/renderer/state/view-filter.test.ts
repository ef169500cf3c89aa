import { beforeEach, describe, expect, it } from 'vitest';
import { filterText, useView } from '../../../src/renderer/state/view.ts';
import { resetSlices } from '../reset-slices.ts';

const view = () => useView.getState();
const shown = () => filterText(view());

/** What a key press in the filter bar does, and the pause after it. */
function typeText(text: string): void {
  view().type({ text });
  view().applyTyped();
}

function press(changes: { readonly pattern?: boolean; readonly caseSensitive?: boolean }): void {
  view().type(changes);
  view().applyTyped();
}

beforeEach(resetSlices);

describe('the switch for regular expressions', () => {
  it('stays on while an invalid pattern is corrected', () => {
    typeText('([');
    press({ pattern: true });
    expect(shown()).toEqual({ text: '([', pattern: true, caseSensitive: false });
    expect(view().filterProblem).toMatch(/^Invalid regular expression: /);
    expect(view().filter).toEqual({ text: '([', pattern: false, caseSensitive: false });

    typeText('([ab])');
    expect(view().filter).toEqual({ text: '([ab])', pattern: true, caseSensitive: false });
    expect(view().filterProblem).toBeNull();
  });

  it('can be switched off, and the same text is plain text', () => {
    press({ pattern: true });
    typeText('([');
    press({ pattern: false });
    expect(view().filter).toEqual({ text: '([', pattern: false, caseSensitive: false });
    expect(view().filterProblem).toBeNull();
  });

  it('keeps another switch that is pressed while the pattern is invalid', () => {
    press({ pattern: true });
    typeText('(');
    press({ caseSensitive: true });
    expect(shown()).toEqual({ text: '(', pattern: true, caseSensitive: true });
    typeText('(a)');
    expect(view().filter).toEqual({ text: '(a)', pattern: true, caseSensitive: true });
  });
});

it('keeps reporting an invalid pattern while types are chosen', () => {
  press({ pattern: true });
  typeText('([');
  view().setFilter({ types: ['ping'] });
  expect(view().filterProblem).toMatch(/^Invalid regular expression/);
  expect(view().filter.types).toEqual(['ping']);
  view().clearFilter();
  expect(view().filter).toEqual({});
  expect(shown()).toEqual({ text: '', pattern: false, caseSensitive: false });
  expect(view().filterProblem).toBeNull();
});

describe('words for bounds', () => {
  const bound = { of: 'gap', is: '>', value: 500 };

  it('narrow the table, and the bar shows them as they were written', () => {
    typeText('Zürich gap>500ms');
    expect(view().filter).toEqual({ text: 'Zürich', pattern: false, caseSensitive: false, bounds: [bound] });
    expect(shown().text).toBe('Zürich gap>500ms');
    press({ caseSensitive: true });
    expect(shown().text).toBe('Zürich gap>500ms');
    typeText('Zürich');
    expect(view().filter).toEqual({ text: 'Zürich', pattern: false, caseSensitive: true });
  });

  it('that are mistyped stay in the bar with the reason, and the table keeps its rows', () => {
    typeText('gap>500ms');
    view().setFilter({ types: ['ping'] });
    typeText('gap>500xs');
    expect(view().filterProblem).toContain('not a unit');
    expect(shown().text).toBe('gap>500xs');
    expect(view().filter.bounds).toEqual([bound]);
    expect(view().filter.types).toEqual(['ping']);
  });

  it('are no part of a regular expression beside them', () => {
    press({ pattern: true });
    typeText('gap>500ms a[bc]');
    expect(view().filter).toMatchObject({ text: 'a[bc]', pattern: true, bounds: [bound] });
  });
});
