import { describe, expect, it } from 'vitest';
import { axisTicks, niceStep } from '../../../src/renderer/timeline/axis-ticks.ts';

const labels = (from: number, to: number, width: number, unit: 'ms' | 'bytes' = 'ms') =>
  axisTicks({ from, to }, width, unit, 84).map((tick) => tick.label);

describe('niceStep', () => {
  it('uses 1, 2, 5 up to ten seconds and clock units beyond', () => {
    expect(niceStep(0.7, 'ms')).toBe(1);
    expect(niceStep(2, 'ms')).toBe(2);
    expect(niceStep(230, 'ms')).toBe(500);
    expect(niceStep(10_000, 'ms')).toBe(10_000);
    expect(niceStep(11_000, 'ms')).toBe(20_000);
    expect(niceStep(61_000, 'ms')).toBe(120_000);
    expect(niceStep(100_000_000, 'ms')).toBe(172_800_000);
  });

  it('never splits a byte', () => {
    expect(niceStep(0.1, 'bytes')).toBe(1);
    expect(niceStep(1300, 'bytes')).toBe(2000);
  });
});

describe('axisTicks', () => {
  it('labels a short stream in milliseconds and a longer one in seconds', () => {
    expect(labels(0, 800, 600)).toEqual(['0 ms', '200 ms', '400 ms', '600 ms', '800 ms']);
    expect(labels(0, 4400, 600)).toEqual(['0 s', '1 s', '2 s', '3 s', '4 s']);
    expect(labels(1000, 1200, 400)).toEqual(['1.00 s', '1.05 s', '1.10 s', '1.15 s', '1.20 s']);
  });

  it('shows clock times beyond two minutes', () => {
    expect(labels(0, 600_000, 500)).toEqual(['0 min', '2 min', '4 min', '6 min', '8 min', '10 min']);
    expect(labels(125_000, 245_000, 500)).toEqual(['2:30', '3:00', '3:30', '4:00']);
    expect(labels(3_600_000, 7_200_000, 400)).toEqual(['1:00:00', '1:20:00', '1:40:00', '2:00:00']);
    expect(labels(599_990, 600_010, 400).at(2)).toBe('10:00.000');
  });

  it('counts bytes if there are no times', () => {
    expect(labels(0, 5000, 600, 'bytes')).toEqual(['0 B', '1000 B', '2000 B', '3000 B', '4000 B', '5000 B']);
    expect(labels(0, 2_000_000, 400, 'bytes')).toEqual(['0 kB', '500 kB', '1000 kB', '1500 kB', '2000 kB']);
  });

  it('keeps labels apart and different at any zoom', () => {
    for (let length = 0.01; length < 1e9; length *= 3.7) {
      for (const from of [0, 17.3, 99_999.5, 3_599_999]) {
        const ticks = axisTicks({ from, to: from + length }, 700, 'ms');
        expect(ticks.length).toBeLessThanOrEqual(11);
        expect(new Set(ticks.map((tick) => tick.label)).size).toBe(ticks.length);
      }
    }
  });

  it('has no ticks without room or span', () => {
    expect(axisTicks({ from: 0, to: 0 }, 500, 'ms')).toEqual([]);
    expect(axisTicks({ from: 0, to: 10 }, 0, 'ms')).toEqual([]);
  });
});
