import { describe, expect, it } from 'vitest';
import type { NoteRecord } from '../../../src/core/capture/record.ts';
import { lastMoment, yieldRows } from '../../../src/renderer/ladder/yield-log.ts';
import { plotLayout } from '../../../src/renderer/ladder/yield-plot-layout.ts';
import { rowOf } from '../fake-host.ts';

const yielded = (n: number, at: number): NoteRecord => ({
  kind: 'note',
  at,
  note: 'yield',
  fields: { requestId: 'r', n, text: `event ${n}` },
});
const arrived = (n: number, at: number) => ({
  ...rowOf('blocks', n),
  at,
  preview: { path: null, text: `event ${n}` },
});

describe('yields and arrivals', () => {
  it('pairs the n-th yield with the n-th arrival, with delay and gaps', () => {
    const rows = yieldRows([yielded(0, 10), yielded(1, 260)], [arrived(0, 11), arrived(1, 265)]);
    expect(rows[1]).toEqual({
      n: 1,
      yieldedAt: 260,
      arrivedAt: 265,
      delay: 5,
      yieldGap: 250,
      arrivalGap: 254,
      text: 'event 1',
      seq: 1,
    });
  });

  it('previews the part of the JSON that differs between events', () => {
    const [row] = yieldRows([yielded(0, 10)], [rowOf('blocks', 0)]);
    expect(row?.text).toBe('choices[0].delta.content "word 0"');
  });

  it('includes a yield that never arrived, and ignores other notes', () => {
    const phase: NoteRecord = { kind: 'note', at: 0, note: 'phase', fields: {} };
    const rows = yieldRows([phase, yielded(0, 10), yielded(1, 20)], [arrived(0, 11)]);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({ yieldedAt: 20, arrivedAt: null, delay: null, seq: null });
    expect(lastMoment(rows)).toBe(20);
  });
});

describe('the plot', () => {
  it('has vertical lines without delay, and marks arrivals after the next yield', () => {
    const live = plotLayout(
      yieldRows([yielded(0, 0), yielded(1, 100)], [arrived(0, 0), arrived(1, 100)]),
      400,
    );
    expect(live.lines.map(({ from, to, isHeld }) => [from === to, isHeld])).toEqual([
      [true, false],
      [true, false],
    ]);
    const held = plotLayout(
      yieldRows([yielded(0, 0), yielded(1, 50)], [arrived(0, 100), arrived(1, 100)]),
      400,
    );
    expect(held.lines.map(({ isHeld }) => isHeld)).toEqual([true, false]);
  });

  it('keeps everything inside the axis, also without rows or without space', () => {
    for (const width of [0, 40, 500]) {
      const { x, left, right, bars } = plotLayout(yieldRows([yielded(0, 5)], []), width);
      expect(x(5)).toBeLessThanOrEqual(right);
      expect(x(-1)).toBe(left);
      expect(bars).toEqual([]);
    }
  });
});
