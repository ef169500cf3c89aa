import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingJson } from '../../../src/core/json/growing-json.ts';
import type { GrowingNode } from '../../../src/core/json/growing-node.ts';
import { nodeEnd, nodesAround, nodesAt, nodeSpan } from '../../../src/renderer/json-tree/json-node-span.ts';
import { cpuTime } from '../../fixtures/cpu-time.ts';

function read(text: string): GrowingNode {
  const json = new GrowingJson();
  json.push(text);
  if (json.root === null) throw new Error(`not JSON: ${text}`);
  return json.root;
}

/** Every node with the key that leads to it. */
function* nodes(node: GrowingNode, named = false): Generator<readonly [GrowingNode, boolean]> {
  yield [node, named];
  if (node.kind === 'array') for (const item of node.items) yield* nodes(item);
  if (node.kind === 'object')
    for (const { value } of node.members) if (value !== null) yield* nodes(value, true);
}

it('finds the exact text of every value with any white space', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom('', ' ', '\n\t'), (value, indent) => {
      const text = ` ${JSON.stringify(value, null, indent)} `;
      const rebuilt = JSON.stringify(JSON.parse(text));
      const found = [...nodes(read(text))].map(([node]) => text.slice(node.start, nodeEnd(text, node)));
      expect(JSON.stringify(JSON.parse(found[0] ?? ''))).toBe(rebuilt);
      for (const part of found) {
        expect(part.trim()).toBe(part);
        expect(() => JSON.parse(part) as unknown).not.toThrow();
      }
    }),
  );
});

it('includes the key of a member, even with quotes, colons and backslashes in it', () => {
  const text = String.raw`{"a\":\"\\" : [1, "x:\"y"]}`;
  const [, member, , item] = [...nodes(read(text))].map(([node, named]) => nodeSpan(text, node, named));
  expect(text.slice(member?.from, member?.to)).toBe(String.raw`"a\":\"\\" : [1, "x:\"y"]`);
  expect(text.slice(item?.from, item?.to)).toBe(String.raw`"x:\"y"`);
});

it('finds the deepest value that contains a character', () => {
  const text = '{"id":7,"choices":[{"delta":{"content":" café"}},null]}';
  const keys = (at: number) => nodesAt(text, read(text), at).map((step) => step.key ?? step.index);
  expect(keys(text.indexOf('caf'))).toEqual([0, 'choices', 0, 'delta', 'content']);
  expect(keys(text.indexOf('delta'))).toEqual([0, 'choices', 0, 'delta']);
  expect(keys(text.indexOf('null'))).toEqual([0, 'choices', 1]);
  expect(keys(text.indexOf('7'))).toEqual([0, 'id']);
  expect(keys(0)).toEqual([0]);
  expect(keys(text.indexOf(',"choices'))).toEqual([0]);
  expect(nodesAt(text, read(text), text.length)).toEqual([]);
});

it('ends an unfinished value at the end of the text', () => {
  const text = '{"a":[1,"unfin';
  const open = nodesAt(text, read(text), text.length - 1);
  expect(open.map((step) => step.key ?? step.index)).toEqual([0, 'a', 1]);
});

it('finds the deepest value that contains all of a span', () => {
  const text = '{"a":{"b":1,"c":[2,3]},"d":4}';
  const keys = (part: string) => {
    const from = text.indexOf(part);
    const way = nodesAround(text, read(text), { from, to: from + part.length });
    return way.map((step) => step.key ?? step.index);
  };
  expect(keys('"c":[2,3]')).toEqual([0, 'a', 'c']);
  expect(keys('2,3')).toEqual([0, 'a', 'c']);
  expect(keys('1,"c":[2')).toEqual([0, 'a']);
  expect(keys('3]},"d"')).toEqual([0]);
});

it('agrees at every character with a search through all nodes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('', ' '), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const root = read(text);
      const spans = [...nodes(root)].map(([node, named]) => ({ node, ...nodeSpan(text, node, named) }));
      for (let at = 0; at < text.length; at++) {
        const deepest = spans.findLast(({ from, to }) => at >= from && at < to);
        expect(nodesAt(text, root, at).at(-1)?.node).toBe(deepest?.node);
      }
    }),
    { numRuns: 60 },
  );
});

it('takes linear time for 100,000 levels of nesting, at any position', () => {
  const text = '[{"a":'.repeat(50_000) + '}]'.repeat(50_000).replace('}', '1}');
  const root = read(text);
  expect(nodeEnd(text, root)).toBe(text.length);
  const time = cpuTime(() => {
    for (const at of [10, 150_000, 299_999, 300_005, 350_000, text.length - 1]) nodesAt(text, root, at);
  });
  // Were it quadratic, one of these would take half a minute.
  expect(time).toBeLessThan(2000);
  expect(nodesAt(text, root, 300_000)).toHaveLength(100_001);
});
