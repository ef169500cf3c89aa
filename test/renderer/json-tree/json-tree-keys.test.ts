import { expect, it } from 'vitest';
import { GrowingJson } from '../../../src/core/json/growing-json.ts';
import type { GrowingNode } from '../../../src/core/json/growing-node.ts';
import { treeKey } from '../../../src/renderer/json-tree/json-tree-keys.ts';
import { treeRows } from '../../../src/renderer/json-tree/json-tree-rows.ts';

const json = new GrowingJson();
json.push('{"a":[1,2],"b":{"c":3},"d":4}');
const root = json.root as GrowingNode;
const rows = treeRows(root, (node) => node === root);
const press = (key: string, active: number) =>
  treeKey({ key, ctrlKey: false, altKey: false, metaKey: false }, rows, active);

it('moves up and down and stops at the ends', () => {
  expect(press('ArrowDown', -1)).toEqual({ kind: 'select', row: 0 });
  expect(press('ArrowDown', 3)).toEqual({ kind: 'select', row: 3 });
  expect(press('ArrowUp', 0)).toEqual({ kind: 'select', row: 0 });
  expect(press('End', 0)).toEqual({ kind: 'select', row: 3 });
});

it('expands with Right, and enters what is expanded', () => {
  expect(press('ArrowRight', 1)).toEqual({ kind: 'toggle', nodes: [rows[1]?.node], open: true });
  expect(press('ArrowRight', 0)).toEqual({ kind: 'select', row: 1 });
  expect(press('ArrowRight', 3)).toBeNull();
});

it('collapses with Left, and leaves what is collapsed', () => {
  expect(press('ArrowLeft', 0)).toEqual({ kind: 'toggle', nodes: [root], open: false });
  expect(press('ArrowLeft', 3)).toEqual({ kind: 'select', row: 0 });
});

it('expands all siblings with an asterisk', () => {
  expect(press('*', 3)).toEqual({ kind: 'toggle', nodes: [rows[1]?.node, rows[2]?.node], open: true });
});
