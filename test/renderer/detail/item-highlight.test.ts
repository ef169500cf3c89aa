import { expect, it } from 'vitest';
import type { ItemDetail } from '../../../src/contract/item.ts';
import type { Field } from '../../../src/core/sse/block.ts';
import { bytesAround, highlightOf, type ItemLinks } from '../../../src/renderer/detail/item-highlight.ts';
import { readJson } from '../../../src/renderer/detail/read-json.ts';
import { TextMap } from '../../../src/renderer/detail/text-map.ts';

// data: {"a":"é",
// data: "b":2}
const text = '{"a":"é",\n"b":2}';
const line = (start: number, end: number): Field => ({
  name: 'data',
  value: '',
  comment: false,
  range: { start, end },
  valueRange: { start: start + 6, end },
  ignored: null,
});
const detail: ItemDetail = {
  lane: 'blocks',
  row: 0,
  at: null,
  range: { start: 100, end: 130 },
  related: { chunks: null, blocks: [0, 0], documents: null },
  chunk: null,
  block: null,
  fields: [line(100, 116), line(117, 129)],
  payload: { state: 'complete', problem: null },
  text,
  textLength: text.length,
  sources: [
    { from: 0, to: 9, range: { start: 106, end: 116 } },
    { from: 10, to: 16, range: { start: 123, end: 129 } },
  ],
};
const links: ItemLinks = { detail, map: new TextMap(text, detail.sources), root: readJson(detail) };
const keys = (range: { start: number; end: number }) =>
  highlightOf(links, range).path.map((step) => step.key);

it('highlights the JSON value and the characters of the bytes under the pointer', () => {
  const highlight = highlightOf(links, { start: 111, end: 115 });
  expect(text.slice(highlight.text?.from, highlight.text?.to)).toBe('"é"');
  expect(highlight.path.at(-1)?.key).toBe('a');
  expect(highlight.bytes).toEqual([{ start: 111, end: 115 }]);
});

it('leaves out the bytes between the lines of a value', () => {
  expect(highlightOf(links, { start: 106, end: 129 }).bytes).toEqual([
    { start: 106, end: 116 },
    { start: 123, end: 129 },
  ]);
  expect(keys({ start: 106, end: 129 })).toEqual([null]);
});

it('highlights only the bytes if they are not part of the text', () => {
  expect(highlightOf(links, { start: 100, end: 104 })).toEqual({
    bytes: [{ start: 100, end: 104 }],
    text: null,
    path: [],
  });
});

it('widens a byte to its JSON value, with its key', () => {
  expect(bytesAround(links, 112)).toEqual({ start: 107, end: 115 });
  expect(bytesAround(links, 124)).toEqual({ start: 123, end: 128 });
});

it('widens a byte outside the text to its line, and leaves a line ending alone', () => {
  expect(bytesAround(links, 101)).toEqual({ start: 100, end: 116 });
  expect(bytesAround(links, 116)).toEqual({ start: 116, end: 117 });
});

it('highlights nothing without a pointer', () => {
  expect(highlightOf(links, null)).toEqual({ bytes: [], text: null, path: [] });
});
