import { expect, test } from 'vitest';
import { readFields } from '../../../src/core/sse/fields.ts';
import { bytesOf, rawBytes } from './body-pieces.ts';

const block = (text: string, start = 100) => ({
  framing: 'event-stream' as const,
  bytes: bytesOf(text),
  start,
  atBodyStart: false,
});

test('fields are the lines of a block with their places in the body', () => {
  expect(readFields(block('event: a\r\n:note\rdata:  b\ndata\n\n'), 'event')).toEqual([
    field('event', 'a', [100, 108], [107, 108]),
    { ...field('', 'note', [110, 115], [111, 115]), comment: true },
    field('data', ' b', [116, 124], [122, 124]),
    field('data', '', [125, 129], [129, 129]),
  ]);
});

test('fields without effect say why', () => {
  const text = 'foo: x\nbar\nid: a\0b\nretry: 1s\nData: x\nid: ok\nretry: 10\n\n';
  expect(
    readFields(block(text), 'no-data').map(({ name, value, ignored }) => [name, value, ignored]),
  ).toEqual([
    ['foo', 'x', 'unknown-field'],
    ['bar', '', 'unknown-field'],
    ['id', 'a\0b', 'id-contains-null'],
    ['retry', '1s', 'retry-invalid'],
    ['Data', 'x', 'unknown-field'],
    ['id', 'ok', null],
    ['retry', '10', null],
  ]);
});

test('fields of a discarded block have no effect, except a retry with a complete line', () => {
  const fields = readFields(block('id: 1\nretry: 10\ndata: a\nretry: 20'), 'discarded');
  expect(fields.map(({ ignored }) => ignored)).toEqual(['discarded', null, 'discarded', 'discarded']);
});

test('a BOM before the first line belongs to no field', () => {
  const bytes = rawBytes('\xef\xbb\xbfdata: a\n\n');
  expect(
    readFields({ framing: 'event-stream', bytes, start: 0, atBodyStart: true }, 'event')[0]?.range,
  ).toEqual({
    start: 3,
    end: 10,
  });
  expect(
    readFields({ framing: 'event-stream', bytes, start: 0, atBodyStart: false }, 'event')[0]?.ignored,
  ).toBe('unknown-field');
});

test('no more lines and no longer texts are read than asked for', () => {
  const fields = readFields(block(`${'data: éé\n'.repeat(5)}\n`, 0), 'event', { lines: 2, textBytes: 3 });
  expect(fields.map(({ value }) => value)).toEqual(['é', 'é']);
  expect(fields[0]?.valueRange).toEqual({ start: 6, end: 10 });
});

function field(name: string, value: string, range: [number, number], valueRange: [number, number]) {
  return {
    name,
    value,
    comment: false,
    range: { start: range[0], end: range[1] },
    valueRange: { start: valueRange[0], end: valueRange[1] },
    ignored: null,
  };
}
