import { assertNever } from '../../core/assert-never.ts';
import type { GrowingNode } from '../../core/json/growing-node.ts';
import { countOf } from '../format/count.ts';
import { childCount } from './json-tree-rows.ts';
import { quotedText } from '../../core/text/visible-text.ts';

/** Characters of a string that a row of the tree shows. */
const SHOWN = 200;

/** A value on one line of the tree: a scalar as it was sent, a container by its size. */
export function valueText(node: GrowingNode): string {
  switch (node.kind) {
    case 'object':
      return countOf(childCount(node), 'member');
    case 'array':
      return countOf(childCount(node), 'item');
    case 'string':
      return node.value.length > SHOWN
        ? `${quotedText(node.value.slice(0, SHOWN))}…`
        : quotedText(node.value);
    case 'number':
    case 'literal':
      return node.text;
    default:
      return assertNever(node);
  }
}

/** The length of a string that is not shown in full; null if it is. */
export function lengthText(node: GrowingNode): string | null {
  return node.kind === 'string' && node.value.length > SHOWN ? countOf(node.value.length, 'character') : null;
}

/** A number as a 64-bit float, as in JavaScript, if that differs; else null. */
export function lossyNumber(text: string): string | null {
  const value = Number(text);
  if (!/^-?\d+$/.test(text)) return Number.isFinite(value) ? null : String(value);
  return Number.isSafeInteger(value) || BigInt(text) === exactInteger(value) ? null : String(value);
}

function exactInteger(value: number): bigint | null {
  return Number.isFinite(value) ? BigInt(value) : null;
}

/** The text to copy for a value: the text of a string, else the JSON as it was sent. */
export function copiedValue(text: string, node: GrowingNode, end: number): string {
  return node.kind === 'string' ? node.value : text.slice(node.start, end);
}
