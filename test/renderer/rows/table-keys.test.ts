import { describe, expect, it } from 'vitest';
import { tableMove } from '../../../src/renderer/rows/table-keys.ts';

describe('moving through a table by keyboard', () => {
  it('moves by a row, a page, or to either end', () => {
    expect(tableMove('ArrowDown', 5, 20, 100)).toBe(6);
    expect(tableMove('ArrowUp', 5, 20, 100)).toBe(4);
    expect(tableMove('PageDown', 5, 20, 100)).toBe(25);
    expect(tableMove('PageUp', 45, 20, 100)).toBe(25);
    expect(tableMove('Home', 45, 20, 100)).toBe(0);
    expect(tableMove('End', 45, 20, 100)).toBe(99);
  });

  it('stays within the table', () => {
    expect(tableMove('ArrowDown', 99, 20, 100)).toBe(99);
    expect(tableMove('PageUp', 3, 20, 100)).toBe(0);
    expect(tableMove('ArrowUp', -1, 20, 100)).toBe(0);
  });

  it('begins at the first row without a selection', () => {
    expect(tableMove('ArrowDown', -1, 20, 100)).toBe(0);
  });

  it('ignores other keys, and every key in an empty table', () => {
    expect(tableMove('ArrowDown', -1, 20, 0)).toBeNull();
    expect(tableMove('x', 5, 20, 100)).toBeNull();
  });
});
