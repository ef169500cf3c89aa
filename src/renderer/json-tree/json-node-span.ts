import { firstIndex } from '../../core/binary-search.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { GrowingMember, GrowingNode } from '../../core/json/growing-node.ts';
import { skipWhiteSpace } from '../../core/json/json-token.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A span of a text in UTF-16 code units, `to` excluded. */
export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Index after a node's last character. Nodes store only where they begin; the end is searched in the text, in time
 * proportional to the last scalar and the nesting at the end.
 *
 * @param text the text that the tree was read from
 */
export function nodeEnd(text: string, node: GrowingNode): number {
  if (node.open) return text.length;
  let deepest = node;
  let levels = 0;
  for (let last = lastChild(deepest); last !== null; last = lastChild(deepest)) {
    deepest = last;
    levels++;
  }
  let end = scalarEnd(text, deepest);
  // Each level up adds one bracket, with white space before it at most.
  for (; levels > 0; levels--) end = skipWhiteSpace(text, end) + 1;
  return end;
}

/** The span of a node's text, with its key if `named`. */
export function nodeSpan(text: string, node: GrowingNode, named: boolean): TextSpan {
  return { from: named ? keyStart(text, node) : node.start, to: nodeEnd(text, node) };
}

/** Index of the quotation mark that begins the key of a member's value. */
function keyStart(text: string, value: GrowingNode): number {
  const colon = text.lastIndexOf(':', value.start);
  let start = text.lastIndexOf('"', text.lastIndexOf('"', colon) - 1);
  while (start > 0) {
    let slashes = 0;
    while (text.charCodeAt(start - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) break;
    start = text.lastIndexOf('"', start - 1);
  }
  return Math.max(0, start);
}

function lastChild(node: GrowingNode): GrowingNode | null {
  if (node.kind === 'array') return node.items.at(-1) ?? null;
  return node.kind === 'object' ? (node.members.at(-1)?.value ?? null) : null;
}

function scalarEnd(text: string, node: GrowingNode): number {
  switch (node.kind) {
    case 'number':
    case 'literal':
      return node.start + node.text.length;
    case 'object':
    case 'array':
      return skipWhiteSpace(text, node.start + 1) + 1;
    case 'string': {
      let at = node.start + 1;
      while (at < text.length && text.charCodeAt(at) !== QUOTE)
        at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
      return Math.min(at + 1, text.length);
    }
    default:
      return assertNever(node);
  }
}

/** A step from a node to one inside it. */
export interface Step {
  readonly node: GrowingNode;
  /** The key that leads to it, null in an array. */
  readonly key: string | null;
  /** Its place among the members or items. */
  readonly index: number;
}

/**
 * The path from the root to the deepest node whose text (key included) contains the character at `position`. Takes time in
 * proportion to the depth, which hostile input may make 100,000.
 */
export function nodesAt(text: string, root: GrowingNode, position: number): readonly Step[] {
  if (position < root.start) return [];
  const path: Step[] = [{ node: root, key: null, index: 0 }];
  for (let next = childBefore(root, position); next !== null; next = childBefore(next.node, position))
    path.push(next);
  leaveEnded(text, path, position);
  const inside = path.at(-1);
  const member = inside === undefined ? null : memberWithKeyAt(text, inside.node, position);
  if (member !== null) path.push(member);
  return path;
}

/** Removes the nodes from the end of the path that end at or before `position`. */
function leaveEnded(text: string, path: Step[], position: number): void {
  const deepest = path.at(-1)?.node;
  // All children begin later: the position is between the bracket and the first of them.
  if (deepest === undefined || lastChild(deepest) !== null) return;
  let end = deepest.open ? text.length : scalarEnd(text, deepest);
  while (position >= end) {
    const ended = path.pop()?.node;
    const around = path.at(-1)?.node;
    // If another child follows, the position is still inside the container.
    if (around === undefined || lastChild(around) !== ended) return;
    end = around.open ? text.length : skipWhiteSpace(text, end) + 1;
  }
}

/** The last child whose value begins at or before `position`. */
function childBefore(node: GrowingNode, position: number): Step | null {
  if (node.kind === 'array') {
    const index = lastStarting(node.items, (item) => item, position);
    const item = node.items[index];
    return item === undefined ? null : { node: item, key: null, index };
  }
  if (node.kind !== 'object') return null;
  const index = lastStarting(node.members, (member: GrowingMember) => member.value, position);
  const member = node.members[index];
  return member?.value ? { node: member.value, key: member.key, index } : null;
}

/** The member of an object whose key contains `position`; null for none. */
function memberWithKeyAt(text: string, node: GrowingNode, position: number): Step | null {
  if (node.kind !== 'object') return null;
  const index = lastStarting(node.members, (member: GrowingMember) => member.value, position) + 1;
  const member = node.members[index];
  if (!member?.value || position < keyStart(text, member.value)) return null;
  return { node: member.value, key: member.key, index };
}

/** The path to the deepest node that contains all of a span. */
export function nodesAround(text: string, root: GrowingNode, { from, to }: TextSpan): readonly Step[] {
  const first = nodesAt(text, root, from);
  const last = nodesAt(text, root, Math.max(from, to - 1));
  const parted = first.findIndex((step, index) => step.node !== last[index]?.node);
  return parted < 0 ? first : first.slice(0, parted);
}

/** Index of the last child that begins at or before `position`; -1 if none does. */
function lastStarting<T>(
  children: readonly T[],
  nodeOf: (child: T) => GrowingNode | null,
  position: number,
): number {
  const after = firstIndex(0, children.length, (index) => {
    const child = children[index];
    const node = child === undefined ? null : nodeOf(child);
    // Only the last member can have no value: its key is still arriving.
    return node === null || node.start > position;
  });
  return after - 1;
}
