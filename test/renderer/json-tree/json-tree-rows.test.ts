import { expect, it } from 'vitest';
import { GrowingJson } from '../../../src/core/json/growing-json.ts';
import type { GrowingNode } from '../../../src/core/json/growing-node.ts';
import { firstExpanded, pathOf, treeRows } from '../../../src/renderer/json-tree/json-tree-rows.ts';
import {
  copiedValue,
  lengthText,
  lossyNumber,
  valueText,
} from '../../../src/renderer/json-tree/json-value-text.ts';

function read(text: string): GrowingNode {
  const json = new GrowingJson();
  json.push(text);
  if (json.root === null) throw new Error(`not JSON: ${text}`);
  return json.root;
}
const all = () => true;

it('lists expanded nodes from top to bottom, with the path of each row', () => {
  const rows = treeRows(read('{"choices":[{"delta":{"a b":" café"}}],"é":[]}'), all);
  expect(rows.map((row) => [row.depth, row.expanded])).toEqual([
    [0, true],
    [1, true],
    [2, true],
    [3, true],
    [4, null],
    [1, null],
  ]);
  expect(rows.map((_, row) => pathOf(rows, row))).toEqual([
    '$',
    'choices',
    'choices[0]',
    'choices[0].delta',
    'choices[0].delta["a b"]',
    'é',
  ]);
});

it('leaves out the children of a collapsed node', () => {
  const root = read('{"a":[1,2,3],"b":4}');
  expect(treeRows(root, (node) => node === root).map((row) => row.key)).toEqual([null, 'a', 'b']);
  expect(treeRows(root, () => false)).toHaveLength(1);
});

it('shows every member with a duplicate key and marks it', () => {
  const rows = treeRows(read('{"a":1,"b":2,"a":3,"__proto__":4}'), all);
  expect(rows.map((row) => [row.key, row.duplicate])).toEqual([
    [null, false],
    ['a', true],
    ['b', false],
    ['a', true],
    ['__proto__', false],
  ]);
});

it('detects a duplicate key in a growing object, but not from an unfinished key', () => {
  const json = new GrowingJson();
  const duplicates = () => (json.root === null ? [] : treeRows(json.root, all).map((row) => row.duplicate));
  json.push('{"a":1,"a');
  expect(duplicates()).toEqual([false, false, false]);
  json.push('":2');
  expect(duplicates()).toEqual([false, true, true]);
});

it('shows a member whose value has not arrived', () => {
  expect(treeRows(read('{"a":1,"b'), all).at(-1)).toMatchObject({ key: 'b', node: null, expanded: null });
});

it('expands a small tree completely and a large one level by level', () => {
  expect(firstExpanded(read('{"a":{"b":{"c":[1]}}}')).size).toBe(4);
  const wide = read(
    JSON.stringify({ first: [1, 2], many: Array.from({ length: 5000 }, (_, index) => [index]) }),
  );
  expect(treeRows(wide, (node) => firstExpanded(wide).has(node)).length).toBeLessThan(10);
  const list = read(JSON.stringify(Array.from({ length: 5000 }, (_, index) => [index])));
  expect(treeRows(list, (node) => firstExpanded(list).has(node))).toHaveLength(5001);
});

it('supports 100,000 levels of nesting', () => {
  const root = read('['.repeat(100_000));
  expect(treeRows(root, all)).toHaveLength(100_000);
  expect(firstExpanded(root).size).toBeLessThan(200);
});

it('shows numbers as sent, and warns if a float would lose digits', () => {
  const [, big, small] = treeRows(read('[9007199254740993,1.10]'), all);
  expect([big, small].map((row) => (row?.node ? valueText(row.node) : ''))).toEqual([
    '9007199254740993',
    '1.10',
  ]);
  expect(lossyNumber('9007199254740993')).toBe('9007199254740992');
  expect(lossyNumber('9007199254740992')).toBeNull();
  expect(lossyNumber('1e999')).toBe('Infinity');
  expect(lossyNumber('-0.1')).toBeNull();
});

it('shows the beginning of a long string and copies all of it', () => {
  const value = 'x\n'.repeat(500_000);
  const text = JSON.stringify(value);
  const node = read(text);
  expect(valueText(node)).toHaveLength(303);
  expect(lengthText(node)).toBe('1,000,000 characters');
  expect(copiedValue(text, node, text.length)).toBe(value);
});
