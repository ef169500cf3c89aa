import { describe, expect, it } from 'vitest';
import type { ComparedSide, ComparisonLinks } from '../../../src/contract/comparison.ts';
import { commonEnds, delayText, figureRows } from '../../../src/renderer/compare/comparison-figures.ts';
import { layComparison, rowAt, wholeSpan } from '../../../src/renderer/compare/comparison-layout.ts';
import { idOf } from '../fake-host.ts';

const side: ComparedSide = {
  capture: idOf('a'),
  events: 40,
  firstByteAt: 12,
  firstEventAt: 60,
  firstTokenAt: null,
  lastAt: 900,
  gapP50: 20,
  gapP95: 22,
  gapMax: 25,
  tokens: null,
  tokensPerSecond: null,
  comments: 0,
  chunks: 40,
  arrivals: 40,
  bytes: 2000,
  wireBytes: 2000,
  status: 200,
  end: 'complete',
};

describe('the figures of two captures', () => {
  it('are listed side by side with the signed difference', () => {
    const b = { ...side, firstEventAt: 3050, chunks: 1, status: 502, end: 'premature-close', gapP95: null };
    const rows = new Map(figureRows(side, b).map((row) => [row.name, row]));
    expect(rows.get('first event')).toEqual({
      name: 'first event',
      a: '60 ms',
      b: '3.05 s',
      difference: '+2.99 s',
    });
    expect(rows.get('chunks')?.difference).toBe('−39');
    expect(rows.get('bytes')?.difference).toBe('');
    expect(rows.get('status')?.difference).toBe('differs');
    expect(rows.get('ended')?.difference).toBe('differs');
    expect(rows.get('gap p95')).toMatchObject({ b: '–', difference: 'differs' });
  });

  it('omit values that neither has, and differences too small to show', () => {
    const rows = figureRows(side, { ...side, firstByteAt: 12.004 });
    expect(rows.map(({ name }) => name)).not.toContain('tokens');
    expect(rows.find(({ name }) => name === 'first byte')?.difference).toBe('');
  });

  it('show the sign of delays', () => {
    expect([2600, -14, 0, -0.01, null].map(delayText)).toEqual(['+2.6 s', '−14 ms', '0 ms', '0 ms', '–']);
  });
});

describe('the common beginning and end of two texts', () => {
  it('never overlap in the shorter text', () => {
    expect(commonEnds('abcXdef', 'abcYYdef')).toEqual({ start: 3, end: 3 });
    expect(commonEnds('aaa', 'aaaaa')).toEqual({ start: 3, end: 0 });
    expect(commonEnds('', 'x')).toEqual({ start: 0, end: 0 });
  });

  it('never split a surrogate pair', () => {
    // The first two share the first UTF-16 code unit, the other two share the last one.
    expect(commonEnds('a\u{1f600}b', 'a\u{1f601}b')).toEqual({ start: 1, end: 1 });
    expect(commonEnds('a\u{1f600}b', 'a\u{1fa00}b')).toEqual({ start: 1, end: 1 });
  });
});

describe('the plot of a comparison', () => {
  const layout = layComparison(1066, 200);
  const span = { from: 0, to: 1000 };
  const links: ComparisonLinks = {
    a: [100, 500],
    b: [900, 900],
    row: [3, 8],
    pairs: [1, 1],
    onlyA: [{ at: 300, row: 5 }],
    onlyB: [{ at: 600, row: 6 }],
    held: [],
  };
  const x = (at: number): number => layout.left + (at / 1000) * layout.plot;
  const middle = (layout.laneA.base + layout.laneB.base) / 2;

  it('finds the pair at both ends of its line and along it', () => {
    expect(rowAt(links, layout, span, x(100) + 2, layout.laneA.top + 5)).toBe(3);
    expect(rowAt(links, layout, span, x(500) - 3, layout.laneA.base)).toBe(8);
    expect(rowAt(links, layout, span, x(500), middle)).toBe(3);
    expect(rowAt(links, layout, span, x(700), middle)).toBe(8);
  });

  it('finds an unpaired event only in its own lane', () => {
    expect(rowAt(links, layout, span, x(300), layout.laneA.base)).toBe(5);
    expect(rowAt(links, layout, span, x(300), layout.laneB.base)).toBeNull();
    expect(rowAt(links, layout, span, x(600), layout.laneB.base)).toBe(6);
  });

  it('has an axis up to the later end, and none if no times are known', () => {
    expect(wholeSpan({ a: side, b: { ...side, lastAt: 3000 } })?.to).toBeCloseTo(3030);
    expect(wholeSpan({ a: { ...side, lastAt: null }, b: { ...side, lastAt: null } })).toBeNull();
  });
});
