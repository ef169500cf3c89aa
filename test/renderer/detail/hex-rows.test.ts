import { describe, expect, it } from 'vitest';
import type { Field } from '../../../src/core/sse/block.ts';
import { byteRole, fieldAt } from '../../../src/renderer/detail/byte-role.ts';
import { bytesPerRow, hexRow, layHex, rowColumns, rowOfByte } from '../../../src/renderer/detail/hex-rows.ts';

describe('layHex', () => {
  it('begins rows at multiples of their length and shows only bytes of the range', () => {
    const layout = layHex({ start: 10432, end: 10509 }, 16);
    expect(layout.rows).toBe(5);
    expect(hexRow(layout, 0)).toEqual({ offset: 10432, start: 10432, end: 10448 });
    expect(hexRow(layout, 4)).toEqual({ offset: 10496, start: 10496, end: 10509 });
    expect(hexRow(layHex({ start: 13, end: 20 }, 8), 0)).toEqual({ offset: 8, start: 13, end: 16 });
  });

  it('finds the row of every byte', () => {
    const layout = layHex({ start: 13, end: 100 }, 8);
    for (let position = 13; position < 100; position++) {
      const row = hexRow(layout, rowOfByte(layout, position));
      expect(position >= row.start && position < row.end).toBe(true);
    }
  });

  it('has no row for an empty range, and digits for offsets beyond 16 MiB', () => {
    expect(layHex({ start: 5, end: 5 }, 16).rows).toBe(0);
    expect(layHex({ start: 0, end: 0x1000_0001 }, 16).digits).toBe(8);
    expect(layHex({ start: 0, end: 10 }, 16).digits).toBe(6);
  });
});

it('shows sixteen bytes per row only if they fit', () => {
  expect(rowColumns(8, 6)).toBe(41);
  expect(bytesPerRow(rowColumns(16, 6), 6)).toBe(16);
  expect(bytesPerRow(rowColumns(16, 6) - 1, 6)).toBe(8);
});

// "id:7\r\n:hi\nxx: 1\ndata: é\n\n" from byte 100
const field = (name: string, at: number, valueAt: number, end: number, more: Partial<Field> = {}): Field => ({
  name,
  value: '',
  comment: false,
  range: { start: at, end },
  valueRange: { start: valueAt, end },
  ignored: null,
  ...more,
});
const fields = [
  field('id', 100, 103, 104),
  field('', 106, 107, 109, { comment: true }),
  field('xx', 110, 114, 115, { ignored: 'unknown-field' }),
  field('data', 116, 122, 124),
];
const block = { start: 100, end: 126 };

it('distinguishes names, values, comments, ignored fields and line endings', () => {
  const roles = [100, 102, 103, 104, 105, 106, 110, 121, 122, 123, 124, 125, 126].map((at) =>
    byteRole(fields, block, at),
  );
  expect(roles).toEqual([
    'name',
    'name',
    'value',
    'ending',
    'ending',
    'comment',
    'ignored',
    'name',
    'value',
    'value',
    'ending',
    'ending',
    'plain',
  ]);
  expect(fieldAt(fields, 111)?.name).toBe('xx');
  expect(byteRole([], null, 3)).toBe('plain');
});
