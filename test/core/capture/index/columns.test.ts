import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OffsetColumn } from '../../../../src/core/capture/index/offset-column.ts';
import { pageSize } from '../../../../src/core/capture/index/paged-column.ts';
import { TallyColumn } from '../../../../src/core/capture/index/tally-column.ts';
import { TimeColumn } from '../../../../src/core/capture/index/time-column.ts';
import { TypeTable, unkeptType } from '../../../../src/core/capture/index/type-table.ts';

describe('a column of offsets', () => {
  test('returns its values over many pages, at four bytes each', () => {
    const column = new OffsetColumn();
    const count = pageSize * 5;
    for (let n = 0; n < count; n += 1) column.push(n * 300);
    for (let n = 0; n < count; n += 1) expect(column.get(n)).toBe(n * 300);
    expect(column.memory).toBe(count * 4);
  });

  test('is exact where a page spans more than 4 GiB, and beyond 2^32', () => {
    const column = new OffsetColumn();
    const offsets = [0, 5, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 1, 2 ** 52 + 3];
    for (const offset of offsets) column.push(offset);
    expect(offsets.map((_, n) => column.get(n))).toEqual(offsets);
    expect(column.firstAtLeast(2 ** 40)).toBe(5);
    expect(column.lastAtMost(2 ** 40)).toBe(4);
  });

  test('finds the last of equal offsets for "at most" and the first for "at least"', () => {
    const column = new OffsetColumn();
    for (const offset of [0, 4, 4, 4, 9]) column.push(offset);
    expect([
      column.lastAtMost(4),
      column.firstAtLeast(4),
      column.lastAtMost(-1),
      column.firstAtLeast(10),
    ]).toEqual([3, 1, -1, 5]);
  });
});

describe('a column of times', () => {
  test('returns its values exactly and searches the latest so far, for any file', () => {
    const time = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 100, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(time, { maxLength: 40 }),
        fc.double({ min: -1, max: 101, noNaN: true }),
        (times, wanted) => {
          const column = new TimeColumn();
          for (const at of times) column.push(at);
          expect(times.map((_, n) => column.get(n))).toEqual(times);
          expect(column.known).toBe(times.some((at) => at !== null));
          let latest = Number.NEGATIVE_INFINITY;
          const first = times.findIndex((at) => {
            latest = Math.max(latest, at ?? latest);
            return latest >= wanted;
          });
          expect(column.firstAtLeast(wanted)).toBe(first === -1 ? times.length : first);
        },
      ),
    );
  });

  test('costs nothing without times, eight bytes with them, and sixteen only where they go back', () => {
    const [none, some, wild] = [new TimeColumn(), new TimeColumn(), new TimeColumn()];
    for (let n = 0; n < pageSize; n += 1) {
      none.push(null);
      some.push(n);
      wild.push(n % 7);
    }
    expect([none.memory, some.memory, wild.memory].map((bytes) => bytes / pageSize)).toEqual([0, 8, 16]);
  });
});

describe('a tally', () => {
  test('counts each class before any entry and finds the nth of a class', () => {
    const classes = [0, 1, null, 0, 2] as const;
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 900 }), fc.nat(900), (values, index) => {
        const column = new TallyColumn(3, (value) => classes[value] ?? null);
        for (const value of values) column.push(value);
        for (const ofClass of [0, 1, 2]) {
          const entries = values.flatMap((value, at) => (classes[value] === ofClass ? [at] : []));
          expect(column.countBefore(ofClass, index)).toBe(entries.filter((at) => at < index).length);
          expect(column.total(ofClass)).toBe(entries.length);
          expect(column.find(ofClass, index)).toBe(entries[index] ?? values.length);
          if (entries.length > 0) expect(column.find(ofClass, entries.length - 1)).toBe(entries.at(-1));
        }
      }),
    );
  });
});

describe('the table of types', () => {
  test('keeps a bounded number of types and characters, however a stream names its events', () => {
    const table = new TypeTable();
    expect(table.number('message')).toBe(0);
    for (let n = 0; n < 10_000; n += 1) table.number(`type ${n}`);
    expect(table.number('another')).toBe(unkeptType);
    expect(table.type(unkeptType)).toBeNull();
    expect(table.number('message')).toBe(0);
    expect(table.size).toBeLessThan(5000);
    expect(new TypeTable().number('x'.repeat(2 * 1024 * 1024))).toBe(unkeptType);
  });

  test('counts dispatched events, most frequent first', () => {
    const table = new TypeTable();
    for (const type of ['a', 'b', 'b', 'c']) table.countDispatched(table.number(type));
    table.number('never');
    expect(table.mostFrequent(2)).toEqual([
      { type: 'b', count: 2 },
      { type: 'a', count: 1 },
    ]);
  });
});
