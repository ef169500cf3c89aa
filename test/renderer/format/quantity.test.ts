import { expect, it } from 'vitest';
import { quantityText } from '../../../src/renderer/format/quantity.ts';

it('shows durations with at most three digits', () => {
  const said = [0, 0.42, 9.96, 612, 999.6, 1130, 9_996, 59_940, 59_960, 125_000, 3_599_600, 3_780_000].map(
    (ms) => quantityText(ms, 'ms'),
  );
  expect(said).toEqual([
    '0 ms',
    '0.4 ms',
    '10 ms',
    '612 ms',
    '1 s',
    '1.13 s',
    '10 s',
    '59.9 s',
    '1 min',
    '2 min 5 s',
    '1 h',
    '1 h 3 min',
  ]);
});

it('shows sizes in decimal units', () => {
  const said = [0, 17, 1000, 24_930, 999_600, 1_240_000, 2_500_000_000].map((bytes) =>
    quantityText(bytes, 'bytes'),
  );
  expect(said).toEqual(['0 B', '17 B', '1 kB', '24.9 kB', '1 MB', '1.2 MB', '2.5 GB']);
});
